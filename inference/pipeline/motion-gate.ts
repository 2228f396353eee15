import type { PictureStats } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';

export interface MotionGate {
  /** Whether the frame of this moment is due to be looked at. `pressing`: something undecided wants looks even without motion. */
  due(ts: number, picture: PictureStats, pressing: boolean): boolean;
  /** A look at the frame of `ts` begins. */
  looked(ts: number): void;
  readonly active: boolean;
}

/** Frames come with jitter: one that is this share of the period early, but at most so many ms, is still the one that was meant. */
const EARLY = 0.15;
const EARLY_MS = 60;

/** Asks for `activeFps` looks while something moves and `idleFps` always. */
export function createMotionGate(options: InferenceOptions['gate']): MotionGate {
  let activeUntil = Number.NEGATIVE_INFINITY;
  let lastLook = Number.NEGATIVE_INFINITY;
  let active = false;
  return {
    due(ts, picture, pressing) {
      if (pressing || picture.motion >= options.motion) activeUntil = ts + options.holdSeconds * 1000;
      active = ts <= activeUntil;
      const fps = active ? Math.max(options.activeFps, options.idleFps) : options.idleFps;
      const period = 1000 / fps;
      return ts - lastLook >= period - Math.min(EARLY_MS, EARLY * period);
    },
    looked(ts) {
      lastLook = Math.max(lastLook, ts);
    },
    get active() {
      return active;
    },
  };
}
