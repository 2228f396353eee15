import type { Logger } from '../core/index.ts';

/** What a lift sent that could not be used, summed up over a second. */
export interface MessageRejected {
  readonly liftId: string;
  readonly at: number;
  /** The last one's problem. */
  readonly problem: string;
  /** How many there were since the last time. */
  readonly count: number;
}

export interface Rejections {
  add(liftId: string, problem: string, at: number): void;
  /** Whether a lift goes on sending far more than it may: ten times its share within the second. */
  floods(liftId: string, maxPerSecond: number): boolean;
  /** Tells of what has gathered; nothing if nothing has, or a second has not passed. */
  flush(now: number): void;
}

const EVERY_MS = 1000;
const FLOOD = 10;

/** Gathers rejections, so that one broken controller costs one event and all together one log line a second. */
export function createRejections(logger: Logger, emit: (rejected: MessageRejected) => void): Rejections {
  let waiting = new Map<string, { problem: string; at: number; count: number }>();
  let flushedAt = Number.NEGATIVE_INFINITY;
  return {
    add(liftId, problem, at) {
      const entry = waiting.get(liftId) ?? { problem, at, count: 0 };
      entry.count++;
      entry.problem = problem;
      entry.at = at;
      waiting.set(liftId, entry);
    },
    floods: (liftId, maxPerSecond) =>
      (waiting.get(liftId)?.count ?? 0) > Math.max(FLOOD, FLOOD * maxPerSecond),
    flush(now) {
      if (waiting.size === 0 || now - flushedAt < EVERY_MS) return;
      flushedAt = now;
      const gathered = waiting;
      waiting = new Map();
      let messages = 0;
      for (const [liftId, { problem, at, count }] of gathered) {
        messages += count;
        emit({ liftId, at, problem, count });
      }
      const [first] = gathered;
      logger.warn(
        { lifts: gathered.size, messages, liftId: first?.[0], problem: first?.[1].problem },
        'controller messages could not be used',
      );
    },
  };
}
