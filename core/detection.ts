import type { Box } from './geometry.ts';

/** One thing a detector saw. `score` is 0–1 and not calibrated across models. */
export interface Detection {
  readonly label: string;
  readonly score: number;
  readonly box: Box;
}

/** A joint in normalised picture coordinates; `score` 0–1. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/** The 17 COCO keypoints, in the order in which every `Pose.keypoints` lists them. */
export const KEYPOINT_NAMES = Object.freeze([
  'nose',
  'left_eye',
  'right_eye',
  'left_ear',
  'right_ear',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
] as const);

export type KeypointName = (typeof KEYPOINT_NAMES)[number];

/** One person's pose; `keypoints` has 17 entries, in the order of KEYPOINT_NAMES. */
export interface Pose {
  readonly score: number;
  readonly box: Box;
  readonly keypoints: readonly Keypoint[];
}
