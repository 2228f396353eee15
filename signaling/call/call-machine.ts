import type { CallEndReason, CallState, CallStep } from '../../core/index.ts';
import type { MediaState } from '../protocol/messages.ts';

export interface CallTimes {
  /** Ringing longer than this ends the call unanswered, ms. */
  readonly answerMs: number;
  /** From picking up to media, ms. LiveKit's `negotiation failed`: 15 s (pkg/rtc/transport.go). */
  readonly negotiateMs: number;
  /** Without media for this long, they are being brought back, ms. LiveKit's ICE `disconnected`: 10 s. */
  readonly degradedMs: number;
  /** After this, it is given up, ms: longer than the ten attempts of the client take. */
  readonly reconnectMs: number;
}

export const CALL_TIMES: CallTimes = Object.freeze({
  answerMs: 30_000,
  negotiateMs: 15_000,
  degradedMs: 10_000,
  reconnectMs: 75_000,
});

export type CallEvent =
  | { readonly type: 'ring' }
  | { readonly type: 'answered' }
  /** Somebody else has the call now; media begin anew between them and the cabin. */
  | { readonly type: 'handed-over' }
  | { readonly type: 'media'; readonly media: MediaState }
  | { readonly type: 'end'; readonly reason: CallEndReason };

/** Which state a report of the media leads to; what is missing changes nothing. */
const BY_MEDIA: Partial<Record<CallState, Partial<Record<MediaState, CallState>>>> = {
  negotiating: { connected: 'connected', restarting: 'reconnecting', failed: 'failed' },
  connected: { disconnected: 'degraded', restarting: 'reconnecting', failed: 'failed' },
  degraded: { connected: 'connected', restarting: 'reconnecting', failed: 'failed' },
  reconnecting: { connected: 'connected', failed: 'failed' },
};

/** Most steps that are kept: the first four and the latest. */
const MOST_STEPS = 200;

/**
 * One call's life: idle → ringing → negotiating → connected ⇄ degraded ⇄ reconnecting → failed → ended. It reads no clock; an
 * event that does not fit the state changes nothing, and after `ended` nothing does.
 */
export class CallMachine {
  readonly #times: CallTimes;
  #steps: CallStep[];
  #endReason: CallEndReason | undefined;

  /** @param steps of a call that goes on after a restart */
  constructor(times: CallTimes, now: number, steps: readonly CallStep[] = [{ state: 'idle', at: now }]) {
    this.#times = times;
    this.#steps = [...steps];
  }

  get state(): CallState {
    return this.#last.state;
  }

  /** When the state was entered. */
  get since(): number {
    return this.#last.at;
  }

  get steps(): readonly CallStep[] {
    return this.#steps;
  }

  get endReason(): CallEndReason | undefined {
    return this.#endReason;
  }

  /** Whether the state has changed. */
  push(event: CallEvent, now: number): boolean {
    switch (event.type) {
      case 'ring':
        return this.state === 'idle' && this.#enter('ringing', now);
      case 'answered':
        return this.state === 'ringing' && this.#enter('negotiating', now);
      case 'handed-over':
        return BY_MEDIA[this.state] !== undefined && this.#enter('negotiating', now);
      case 'media': {
        const next = BY_MEDIA[this.state]?.[event.media];
        return next !== undefined && this.#enter(next, now);
      }
      case 'end':
        return this.state !== 'ended' && this.#end(event.reason, now);
    }
  }

  /** What time alone changes. Whether the state has changed. */
  tick(now: number): boolean {
    const waited = now - this.since;
    const { answerMs, negotiateMs, degradedMs, reconnectMs } = this.#times;
    switch (this.state) {
      case 'ringing':
        return waited >= answerMs && this.#end('no-answer', now);
      case 'negotiating':
        return waited >= negotiateMs && this.#enter('failed', now);
      case 'degraded':
        return waited >= degradedMs && this.#enter('reconnecting', now);
      case 'reconnecting':
        return waited >= reconnectMs && this.#enter('failed', now);
      default:
        return false;
    }
  }

  get #last(): CallStep {
    return this.#steps.at(-1)!;
  }

  #enter(state: CallState, now: number): true {
    // A clock that was set back must not make a later step look earlier.
    this.#steps.push({ state, at: Math.max(now, this.since) });
    if (this.#steps.length > MOST_STEPS) this.#steps.splice(4, 1);
    return state === 'failed' ? this.#end('lost', now) : true;
  }

  #end(reason: CallEndReason, now: number): true {
    this.#endReason = reason;
    return this.#enter('ended', now);
  }
}
