import type { Scene } from './scene.ts';

export const BEHAVIOUR_KINDS = Object.freeze([
  'occupancy',
  'ebike',
  'fall',
  'motionless-person',
  'crowding',
  'door-blocked',
  'camera-blocked',
  'camera-frozen',
  'camera-offline',
] as const);

export type BehaviourKind = (typeof BEHAVIOUR_KINDS)[number];
export type BehaviourPhase = 'started' | 'updated' | 'ended';

export interface BehaviourEvent {
  readonly kind: BehaviourKind;
  readonly phase: BehaviourPhase;
  readonly liftId: string;
  /** When this was known, ms. */
  readonly ts: number;
  /** When the behaviour itself began, ms; never after `ts`. */
  readonly startedAt: number;
  /** 0–1. */
  readonly confidence: number;
  /** The figures the judgement rests on: counts, track ids, shares, seconds. No pixels, no names. */
  readonly evidence: Readonly<Record<string, number | string | boolean | readonly number[]>>;
}

/** A pure state machine over scenes of one lift. It reads no clock: time is `scene.ts`. */
export interface Behaviour {
  readonly kind: BehaviourKind;
  /** Scenes must come in rising `ts`; an older one is ignored. */
  push(scene: Scene): BehaviourEvent[];
  toJSON(): unknown;
}
