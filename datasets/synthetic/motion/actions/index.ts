import type { Action } from './action.ts';
import { FALL_ACTIONS } from './falls.ts';
import { LOW } from './low.ts';
import { UPRIGHT } from './upright.ts';

export type { Action, ActionContext, ActionPose } from './action.ts';
export { GET_UP_TIME } from './falls.ts';

/** Every action a scenario can name. Adding one is one entry in one of the lists. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [...UPRIGHT, ...LOW, ...FALL_ACTIONS].map((a) => [a.name, a]),
);

export const ACTION_NAMES: readonly string[] = Object.freeze([...ACTIONS.keys()]);
