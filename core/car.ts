/** What a lift's controller says, as the rest of the service knows it. Times are epoch ms. */

export const DOOR_STATES = Object.freeze(['open', 'opening', 'closing', 'closed'] as const);
export type DoorState = (typeof DOOR_STATES)[number];

export const DIRECTIONS = Object.freeze(['up', 'down', 'none'] as const);
export type Direction = (typeof DIRECTIONS)[number];

export const LIFT_MODES = Object.freeze(['normal', 'inspection', 'fire', 'parked'] as const);
export type LiftMode = (typeof LIFT_MODES)[number];

/**
 * A field of the car state with its age. `value` is undefined while unknown: never heard, or not heard for so long that
 * it proves nothing any more. Unknown is not "stopped", nor "closed".
 */
export interface Heard<T> {
  readonly value: T | undefined;
  /** Since when it has been what it is, as far as was heard; undefined while unknown. */
  readonly since: number | undefined;
  /**
   * When it was last said, by this service's clock, whatever became of it since; undefined before the first time. What has
   * lasted from `since` to `heardAt` was heard; what has lasted from then to now is only supposed.
   */
  readonly heardAt: number | undefined;
}

/** `never`: no message yet; `silent`: none for so long that every field is unknown. */
export type ControllerLink = 'never' | 'online' | 'silent';

/** One lift at one moment, as far as its controller has said. */
export interface CarState {
  readonly liftId: string;
  readonly ts: number;
  readonly link: ControllerLink;
  /** Since when the link has been so; undefined for `never`. */
  readonly linkSince: number | undefined;
  readonly door: Heard<DoorState>;
  /** True where the door may open: level with a landing. */
  readonly doorZone: Heard<boolean>;
  /** The landing's number as the controller counts. */
  readonly floor: Heard<number>;
  readonly direction: Heard<Direction>;
  /** m/s, never negative. */
  readonly speed: Heard<number>;
  readonly mode: Heard<LiftMode>;
  /** Share of the rated load, 0–1 and above. */
  readonly load: Heard<number>;
  /** The fault codes that stand, in the controller's own words; empty is "none", undefined is unknown. */
  readonly faults: Heard<readonly string[]>;
  /** The alarm button in the car is pressed, or its alarm stands. */
  readonly alarmButton: Heard<boolean>;
}

export const CAR_FIELDS = Object.freeze([
  'door',
  'doorZone',
  'floor',
  'direction',
  'speed',
  'mode',
  'load',
  'faults',
  'alarmButton',
] as const satisfies readonly (keyof CarState)[]);
export type CarField = (typeof CAR_FIELDS)[number];

type HeardValue<T> = T extends Heard<infer V> ? V : never;

/** What one message says: any part of the state. `null`: the controller itself does not know. */
export type CarReading = { readonly [K in CarField]?: HeardValue<CarState[K]> | null };

/** A controller's message in the documented form; controllers/ has its schema and the vendors' mappings to it. */
export interface ControllerMessage extends CarReading {
  /** When it was said by the controller's own clock: epoch ms or RFC 3339. Absent: when it arrives. */
  readonly ts?: number | string;
  /** Rises with every message, and begins anew when the controller restarts. */
  readonly seq?: number;
  /** Unique for every message, the same when one is sent again. */
  readonly id?: string;
}

/** What happened to a lift, told apart from the stream of messages; kept for operators and for reading causes. */
export const TIMELINE_KINDS = Object.freeze([
  'door-cycle',
  'stop',
  'trip',
  'fault',
  'fault-cleared',
  'alarm-button',
  'mode',
  'link',
] as const);
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineEntry {
  readonly liftId: string;
  readonly kind: TimelineKind;
  readonly startedAt: number;
  /** Undefined while it goes on, and for what has no length. */
  readonly endedAt: number | undefined;
  /** Floors, codes, counts, seconds: what the kind needs, no free text. */
  readonly detail: Readonly<Record<string, number | string | boolean | null>>;
}
