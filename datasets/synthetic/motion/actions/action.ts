import type { Vec3 } from '../../math.ts';
import type { Controls } from '../controls.ts';
import type { Side } from '../gait.ts';

/** What an action may know of the world around the person. */
export interface ActionContext {
  /** Seconds since the action began, and how long it lasts (Infinity: to the end of the clip). */
  readonly t: number;
  readonly duration: number;
  /** The hand or side meant by the scenario. */
  readonly side: Side;
  /** Leg length of the body over that of a grown person: scales how deep one goes. */
  readonly size: number;
  /** Places of the cabin, world metres. */
  readonly panel: Vec3;
  readonly doorEdge: Vec3;
  readonly doorSeam: Vec3;
  readonly camera: Vec3;
  /** Height of the shoulders, metres. */
  readonly shoulder: number;
}

export interface ActionPose {
  readonly controls: Partial<Controls>;
  readonly hands?: Partial<Record<Side, Vec3>>;
  /** A place to turn the head to. */
  readonly lookAt?: Vec3;
}

export interface Action {
  readonly name: string;
  /** Seconds to blend in and out. */
  readonly fadeIn: number;
  readonly fadeOut: number;
  /** What is in the hand meanwhile. */
  readonly holds?: 'phone';
  pose(context: ActionContext): ActionPose;
}

/** The controls of one side. */
export function onSide(
  side: Side,
  values: Partial<Record<'swing' | 'out' | 'twist' | 'elbow' | 'reach' | 'grip', number>>,
): Partial<Controls> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${key}${side}`, value]));
}

export const otherSide = (side: Side): Side => (side === 'L' ? 'R' : 'L');
