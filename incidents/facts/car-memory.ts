import type { CarState, Direction } from '../../core/index.ts';
import type { IncidentOptions } from '../options.ts';
import { type DoorMemory, nextDoor } from './door-memory.ts';

/** Readings in a row that exceed a limit. */
export interface Streak {
  readonly since: number;
  readonly samples: number;
  readonly max: number;
}

export type Motion = 'moving' | 'still';

/** What has to be kept of a lift's controller to tell how long, how often and how suddenly. Plain JSON. */
export interface CarMemory {
  readonly state: CarState;
  readonly linkSince: number;
  readonly motion?: { readonly is: Motion; readonly since: number; readonly heardAt: number } | undefined;
  /** Which way it went last. */
  readonly way?: Exclude<Direction, 'none'> | undefined;
  readonly suddenStopAt?: number | undefined;
  readonly door: DoorMemory;
  /** When the alarm button was last pressed. */
  readonly buttonAt?: number | undefined;
  readonly tooFast?: Streak | undefined;
  /** Since when the speed has been ordinary. */
  readonly slowSince?: number | undefined;
  readonly openRun?: Streak | undefined;
}

const SUDDEN_MS = 3000;
const SUDDEN_FROM = 1.5;
/** Fields of the same message, or of two that belong together. */
const TOGETHER_MS = 2000;
/** A car without a speedometer moves while its floor changes at least so often. */
const STOREY_MS = 15_000;

/** What is remembered once the controller has said `state`; an older state changes nothing. */
export function nextCar(before: CarMemory | undefined, state: CarState, options: IncidentOptions): CarMemory {
  if (before && state.ts < before.state.ts) return before;
  const motion = nextMotion(before, state, options);
  const ran = motion?.is === 'moving' && motion.heardAt - motion.since >= options.facts.runSeconds * 1000;
  const direction = state.direction.value;
  const sudden = motion?.is === 'still' && before?.motion?.is === 'moving' && stoppedSuddenly(before, state);
  return {
    state,
    linkSince: state.linkSince ?? (before?.state.link === state.link ? before.linkSince : state.ts),
    motion,
    way: motion?.is === 'moving' && direction && direction !== 'none' ? direction : before?.way,
    suddenStopAt: sudden ? state.ts : before?.suddenStopAt,
    door: nextDoor(before?.door, state, { ...options.facts, ran: ran || changedFloor(before, state) }),
    buttonAt: state.alarmButton.value ? (state.alarmButton.since ?? state.ts) : before?.buttonAt,
    ...nextStreaks(before, state, options),
  };
}

function nextMotion(
  before: CarMemory | undefined,
  state: CarState,
  options: IncidentOptions,
): CarMemory['motion'] {
  const now = motionOf(before, state, options.facts.movingSpeed);
  if (!now) return undefined;
  const same = before?.motion?.is === now.is;
  return { ...now, since: same && before.motion ? before.motion.since : Math.min(now.heardAt, state.ts) };
}

function motionOf(
  before: CarMemory | undefined,
  state: CarState,
  movingSpeed: number,
): { is: Motion; heardAt: number } | undefined {
  const { speed, direction, floor } = state;
  if (speed.value !== undefined) {
    // Between half the limit and the limit it stays what it was: a noisy reading is no start and no stop.
    const limit = before?.motion?.is === 'moving' ? movingSpeed / 2 : movingSpeed;
    return { is: speed.value >= limit ? 'moving' : 'still', heardAt: speed.heardAt ?? state.ts };
  }
  if (direction.value === 'none') return { is: 'still', heardAt: direction.heardAt ?? state.ts };
  // An arrow alone may only tell where a stuck car would like to go.
  const passed =
    before?.state.floor.value !== undefined && floor.value !== undefined ? floor.since : undefined;
  if (direction.value === undefined || passed === undefined || state.ts - passed > STOREY_MS)
    return undefined;
  return { is: 'moving', heardAt: passed };
}

function changedFloor(before: CarMemory | undefined, state: CarState): boolean {
  const [from, to] = [before?.state.floor.value, state.floor.value];
  return from !== undefined && to !== undefined && from !== to;
}

function stoppedSuddenly(before: CarMemory, state: CarState): boolean {
  const { value, heardAt } = before.state.speed;
  return value !== undefined && value > SUDDEN_FROM && state.ts - (heardAt ?? 0) <= SUDDEN_MS;
}

function nextStreaks(
  before: CarMemory | undefined,
  state: CarState,
  options: IncidentOptions,
): Pick<CarMemory, 'tooFast' | 'slowSince' | 'openRun'> {
  const { value, heardAt } = state.speed;
  if (value === undefined) return {};
  const last = before?.state.speed;
  if (before && last && heardAt === last.heardAt && value === last.value) {
    const { tooFast, slowSince, openRun } = before;
    return { tooFast, slowSince, openRun };
  }
  const { ratedSpeed, overspeedShare, openSpeed } = options.motion;
  const isFast = value > ratedSpeed * overspeedShare;
  const { value: door, heardAt: doorAt } = state.door;
  const isOpen =
    door !== undefined && door !== 'closed' && Math.abs((doorAt ?? 0) - (heardAt ?? 0)) <= TOGETHER_MS;
  return {
    tooFast: isFast ? longer(before?.tooFast, state.ts, value) : undefined,
    slowSince: isFast ? undefined : (before?.slowSince ?? state.ts),
    openRun: isOpen && value > openSpeed ? longer(before?.openRun, state.ts, value) : undefined,
  };
}

function longer(streak: Streak | undefined, ts: number, value: number): Streak {
  if (!streak) return { since: ts, samples: 1, max: value };
  return { since: streak.since, samples: streak.samples + 1, max: Math.max(streak.max, value) };
}
