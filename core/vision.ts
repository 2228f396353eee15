import type { Detection, Pose } from './detection.ts';
import type { Frame } from './frame.ts';
import type { Box } from './geometry.ts';

/**
 * Finds things in a picture. `region` (normalised) asks for a closer look at a part of it; boxes always come
 * back normalised to the whole picture. Results are sorted by falling score.
 */
export interface Detector {
  readonly labels: readonly string[];
  detect(frame: Frame, region?: Box): Promise<Detection[]>;
  close(): Promise<void>;
}

/** Finds people's joints; same conventions as Detector. */
export interface PoseEstimator {
  estimate(frame: Frame, region?: Box): Promise<Pose[]>;
  close(): Promise<void>;
}
