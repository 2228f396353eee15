import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../core/index.ts';
import {
  CameraBlockedOptions,
  CameraFrozenOptions,
  CrowdingOptions,
  EbikeOptions,
  FallOptions,
  MotionlessOptions,
  OccupancyOptions,
} from './behaviours/options.ts';
import { closed } from './option-kit.ts';
import { PictureOptions } from './picture/options.ts';
import { DetectorPlanOptions, GateOptions, PoseOptions, ZoomOptions } from './pipeline/options.ts';
import { FusionOptions, ObjectTrackerOptions, TrackerOptions, ViewOptions } from './tracking/options.ts';

/** All thresholds of the analysis of one cabin. Every lift may override any of them. */
export const InferenceOptions = Type.Object(
  {
    picture: PictureOptions,
    gate: GateOptions,
    view: ViewOptions,
    fusion: FusionOptions,
    people: TrackerOptions,
    objects: ObjectTrackerOptions,
    occupancy: OccupancyOptions,
    ebike: EbikeOptions,
    fall: FallOptions,
    motionless: MotionlessOptions,
    crowding: CrowdingOptions,
    cameraBlocked: CameraBlockedOptions,
    cameraFrozen: CameraFrozenOptions,
    zoom: ZoomOptions,
    pose: PoseOptions,
    detector: DetectorPlanOptions,
  },
  closed,
);
export type InferenceOptions = Static<typeof InferenceOptions>;

type Partly<T> = T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;
export type InferenceOptionsInput = Partly<InferenceOptions>;

/** Fills in the defaults and checks. Throws CONFIG_INVALID with every wrong key, what was expected and what was found. */
export function inferenceOptions(input: InferenceOptionsInput = {}): InferenceOptions {
  const value = Value.Default(InferenceOptions, structuredClone(input));
  const errors = [...Value.Errors(InferenceOptions, value)];
  if (errors.length > 0) {
    const lines = errors.map((e) => `inference${e.instancePath.replaceAll('/', '.')} ${e.message}`);
    throw new CabinwatchError('CONFIG_INVALID', lines.join('; '));
  }
  return value as InferenceOptions;
}
