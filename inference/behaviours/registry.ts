import type { Behaviour, BehaviourKind } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createCameraBlocked } from './camera-blocked.ts';
import { createCameraFrozen } from './camera-frozen.ts';
import { createCrowding } from './crowding.ts';
import { createEbike } from './ebike.ts';
import { createFall } from './fall.ts';
import { createMotionlessPerson } from './motionless-person.ts';
import { createOccupancy } from './occupancy.ts';

export interface BehaviourEntry {
  readonly kind: BehaviourKind;
  /** `picture`: fed every measured frame. `look`: fed every frame that a model looked at. */
  readonly feed: 'picture' | 'look';
  create(options: InferenceOptions): Behaviour;
}

/** Every behaviour judged from the picture alone. To add one: its file, and one entry here. */
export const BEHAVIOURS: readonly BehaviourEntry[] = Object.freeze([
  { kind: 'occupancy', feed: 'look', create: (o) => createOccupancy(o.occupancy) },
  { kind: 'ebike', feed: 'look', create: (o) => createEbike(o.ebike) },
  { kind: 'fall', feed: 'look', create: (o) => createFall(o.fall) },
  { kind: 'motionless-person', feed: 'look', create: (o) => createMotionlessPerson(o.motionless) },
  { kind: 'crowding', feed: 'look', create: (o) => createCrowding(o.crowding, o.occupancy) },
  { kind: 'camera-blocked', feed: 'picture', create: (o) => createCameraBlocked(o.cameraBlocked) },
  { kind: 'camera-frozen', feed: 'picture', create: (o) => createCameraFrozen(o.cameraFrozen) },
] satisfies BehaviourEntry[]);
