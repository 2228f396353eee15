import type { InferenceOptions } from '../options.ts';

export interface PosePlanner {
  /** Whether the look at `ts` should run the pose model too, which costs about as much as the detector. */
  plan(ts: number, somebody: boolean): boolean;
}

/**
 * Poses while anyone is or just was there or something moves; otherwise now and then, because someone already lying
 * when the service starts is seen by the pose model alone.
 */
export function createPosePlanner(options: InferenceOptions['pose']): PosePlanner {
  let wantedUntil = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return {
    plan(ts, somebody) {
      if (somebody) wantedUntil = ts + options.holdSeconds * 1000;
      if (ts > wantedUntil && ts - last < options.idleSeconds * 1000) return false;
      last = ts;
      return true;
    },
  };
}
