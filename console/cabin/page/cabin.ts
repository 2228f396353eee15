import type { CabinStatus } from '../../../api/index.ts';
import type { CalmingScript } from '../../../signaling/index.ts';
import { type CalmingEvent, createCalming } from '../calming/schedule.ts';
import { isHeard, isOpen, type Known, situationOf, stageOf } from '../stage.ts';
import { type CabinCall, keepCallable } from './call.ts';
import type { createMemory } from './memory.ts';
import { createScreen, type Screen } from './screen.ts';
import { openService, type Service } from './service.ts';
import { createVoice, type Voice } from './voice.ts';
import type { Both } from './words.ts';

/** A line that is back within this time, ms, was never shown to be down. */
const HICCUP_MS = 12_000;
/** A call for help that is not through after this time, ms, is shown so. */
const UNSENT_MS = 4_000;
/** How long, ms, "help was noted" stays for a car that runs. */
const RUNNING_MS = 30_000;
const RETRY_MS = [1_000, 2_000, 3_000, 5_000];
/** After so long without the service the page begins afresh: whatever is stuck, in the browser or in us, is gone then. */
const RELOAD_MS = 15 * 60_000;
/** A page that runs for months is renewed once a day, while nobody needs it. */
const RENEW_MS = 24 * 3_600_000;
const TICK_MS = 500;

/** A paired screen: what is known, what is shown, what is said. */
export class Cabin {
  onRefused = (): void => {};
  readonly #memory: ReturnType<typeof createMemory>;
  readonly #calming: ReturnType<typeof createCalming>;
  readonly #voice: Voice;
  readonly #screen: Screen;
  readonly #service: Service;
  readonly #endCalls: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startedAt = performance.now();
  /** Since when the service is out of reach. */
  #downSince: number | undefined = performance.now();
  /** The service's clock, epoch ms, less ours that never jumps. */
  #offset: number;
  #status: CabinStatus | undefined;
  #press: { readonly at: number; readonly sent: boolean } | undefined;
  #call: CabinCall | undefined;
  #message: Both | undefined;
  #closed = false;

  constructor(
    liftId: string,
    secret: string,
    memory: ReturnType<typeof createMemory>,
    script: CalmingScript,
  ) {
    this.#memory = memory;
    const { status, pressedAt, calming } = memory.kept;
    this.#status = status;
    this.#offset = Date.now() - performance.now();
    this.#calming = createCalming(script, calming);
    this.#screen = createScreen(() => this.#askForHelp());
    this.#voice = createVoice(document.getElementById('voice') as HTMLAudioElement, script, (utterance) =>
      this.#calm({ type: 'spoken', utterance }),
    );
    this.#service = openService({
      liftId,
      secret,
      onStatus: (next) => this.#learn(next),
      onLine: (up) => {
        if (up) this.#downSince = undefined;
        else this.#downSince ??= performance.now();
        this.#show();
      },
      onRefused: () => this.onRefused(),
    });
    this.#endCalls = keepCallable({
      liftId,
      token: () => this.#service.joinToken(),
      video: document.getElementById('operator') as HTMLVideoElement,
      onChange: (call) => {
        this.#call = call;
        this.#calm({ type: 'human', speaking: isHeard(call.state) });
        this.#show();
      },
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    // It did not get through before: that is shown at once again.
    if (pressedAt !== undefined) void this.#send(performance.now() - UNSENT_MS);
    this.#follow();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#endCalls();
    this.#service.close();
    this.#voice.stop();
  }

  #learn(status: CabinStatus): void {
    this.#offset = status.at - performance.now();
    this.#status = status;
    this.#memory.keep({ status });
    if (this.#press?.sent && status.alarm?.pressed) this.#press = undefined;
    this.#follow();
  }

  #askForHelp(): void {
    if (this.#press && !this.#press.sent) return;
    this.#memory.keep({ pressedAt: Date.now() });
    void this.#send();
  }

  /** Until the service has it. */
  async #send(at = performance.now()): Promise<void> {
    this.#press = { at, sent: false };
    this.#follow();
    for (let failures = 0; !this.#closed; failures += 1) {
      try {
        const status = await this.#service.raiseAlarm();
        const { pressedAt: _, ...kept } = this.#memory.kept;
        this.#memory.replace(kept);
        const stands = status.alarm !== undefined && status.alarm.phase !== 'relieved';
        this.#press = stands ? undefined : { at: performance.now(), sent: true };
        this.#learn(status);
        return;
      } catch {
        this.#follow();
        const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  get #known(): Known {
    const now = performance.now();
    const press = this.#press;
    return {
      paired: true,
      status: this.#status,
      away: this.#downSince !== undefined && now - this.#downSince > HICCUP_MS,
      press: !press
        ? 'none'
        : press.sent
          ? now - press.at < RUNNING_MS
            ? 'running'
            : 'none'
          : now - press.at < UNSENT_MS
            ? 'sending'
            : 'unsent',
      call: this.#call?.state,
      now: now + this.#offset,
    };
  }

  /** Something may have changed in what is known. */
  #follow(): void {
    const situation = situationOf(this.#known, {
      toCalming: (ts) => ts - this.#offset,
      show: (ts) =>
        new Date(ts).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false }),
    });
    if (!situation) this.#message = undefined;
    this.#calm({ type: 'situation', situation });
    this.#calm({ type: 'door', open: isOpen(this.#status) });
    this.#show();
  }

  #calm(event: DistributiveOmit<CalmingEvent, 'at'>): void {
    const actions = this.#calming.push({ ...event, at: performance.now() });
    for (const action of actions) {
      if (action.do === 'stop') {
        this.#voice.stop();
        continue;
      }
      this.#message = action.what.text;
      this.#voice.say(action.what);
      this.#memory.keep({ calming: this.#calming.toJSON() });
    }
    if (actions.length > 0) this.#show();
  }

  #tick(): void {
    const now = performance.now();
    this.#follow();
    this.#calm({ type: 'tick' });
    const stage = stageOf(this.#known);
    const down = this.#downSince === undefined ? 0 : now - this.#downSince;
    const idle = stage === 'well' || stage === 'away';
    if (idle && (down > RELOAD_MS || now - this.#startedAt > RENEW_MS)) location.reload();
  }

  #show(): void {
    if (this.#closed) return;
    const known = this.#known;
    this.#screen.show({ stage: stageOf(known), known, call: this.#call, message: this.#message });
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
