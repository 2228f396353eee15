import type { InferenceOptions } from '../options.ts';

export interface DetectorSituation {
  /** Looks of this cabin had to be skipped: the machine does not keep up. */
  readonly hurried: boolean;
  /** This look runs the pose model, which finds people too. */
  readonly pose: boolean;
  /** Something is being decided that only the detector can tell. */
  readonly undecided: boolean;
}

export interface DetectorPlanner {
  /** Whether the look at `ts` runs the detector on the whole picture. */
  plan(ts: number, situation: DetectorSituation): boolean;
}

/**
 * Every look, as long as the machine keeps up. When it does not, two thin looks are worth more than one whole one and
 * a skipped one: people then are followed by their poses, and the detector sees to the rest every `hurriedSeconds`.
 */
export function createDetectorPlanner(options: InferenceOptions['detector']): DetectorPlanner {
  let last = Number.NEGATIVE_INFINITY;
  return {
    plan(ts, { hurried, pose, undecided }) {
      if (hurried && pose && !undecided && ts - last < options.hurriedSeconds * 1000) return false;
      last = ts;
      return true;
    },
  };
}
