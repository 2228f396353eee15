import type { Keypoint } from './detection.ts';
import type { Box } from './geometry.ts';

export type TrackState = 'tentative' | 'confirmed' | 'lost';

/** One thing followed over time. `trackId` is unique within a lift and never used twice. */
export interface Track {
  readonly trackId: number;
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  /** 17 COCO keypoints of a person whose pose was seen in this very frame. */
  readonly keypoints?: readonly Keypoint[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly state: TrackState;
  /** Share of the picture inside the box that has changed since the look before, 0–1; absent when not measured. */
  readonly motion?: number;
}

/**
 * Why a picture cannot be taken as proof that nobody is there: too dark, lens covered, stream frozen, or an
 * infrared picture of a camera that normally shows colour.
 */
export type PictureDoubt = 'dark' | 'blocked' | 'frozen' | 'infrared';

/** Cheap facts about the picture itself, from a coarse brightness grid; no model is run for them. */
export interface PictureStats {
  /** Mean brightness, 0–1. */
  readonly luma: number;
  /** Standard deviation of brightness over the grid, 0–1. */
  readonly contrast: number;
  /** Mean absolute difference between neighbouring grid cells, 0–1: falls when the lens is covered or smeared. */
  readonly detail: number;
  /** Share of grid cells that changed since the previous frame, 0–1. */
  readonly motion: number;
  /** Share of grid cells that differ from the learnt empty background, 0–1; 0 until one is learnt. */
  readonly foreground: number;
  /** True for a colourless picture, as infrared night pictures are. */
  readonly grey: boolean;
  /** True when the picture is, but for traces of compression, the one that has been shown before. */
  readonly identical: boolean;
}

/** Everything the behaviours may know about one moment in one cabin. */
export interface Scene {
  readonly liftId: string;
  /** Milliseconds, the frame's clock. */
  readonly ts: number;
  /** Picture width ÷ height, so that angles and lengths can be judged in normalised coordinates. */
  readonly aspect: number;
  /** False when the picture was only measured, not looked at by a model: tracks are then the last known ones. */
  readonly inferred: boolean;
  /** True when, for want of time, only poses were looked for: of things and of who was not found nothing new is known. */
  readonly posesOnly?: true;
  readonly people: readonly Track[];
  readonly objects: readonly Track[];
  readonly picture: PictureStats;
  /** Absent when the picture can be trusted. What is not seen in a doubtful picture is unknown, not gone. */
  readonly doubt?: PictureDoubt;
}
