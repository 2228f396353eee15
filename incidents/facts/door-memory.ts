import type { CarState, DoorState } from '../../core/index.ts';

/** `reversal`: it turned back while closing. `failed-opening`: it closed again at once. `cycle`: a full one. */
export type DoorMove = 'reversal' | 'failed-opening' | 'cycle';

/** What the door has done since the car last ran. */
export interface DoorMemory {
  readonly last?: DoorState | undefined;
  readonly heardAt?: number | undefined;
  /** Since when it has not been closed, as far as was heard without a gap. */
  readonly unclosedSince?: number | undefined;
  /** It was heard to be closed just before that. */
  readonly fromClosed: boolean;
  readonly reachedOpen: boolean;
  readonly moves: readonly { readonly at: number; readonly what: DoorMove }[];
}

export interface DoorMemoryOptions {
  readonly trustSeconds: number;
  readonly failedOpeningSeconds: number;
  /** The car has run, or is at another floor: a new stop begins. */
  readonly ran: boolean;
}

/** Enough for every threshold; what is older says nothing new. */
const MOST_MOVES = 60;
const SHUT: DoorMemory = Object.freeze({ fromClosed: false, reachedOpen: false, moves: [] });

export function nextDoor(before = SHUT, state: CarState, options: DoorMemoryOptions): DoorMemory {
  const kept = options.ran ? { ...before, moves: [] } : before;
  const { value, heardAt = state.ts } = state.door;
  if (value === undefined) return { ...SHUT, moves: kept.moves };
  if (value === kept.last) return { ...kept, heardAt };
  const at = state.door.since ?? state.ts;
  // Over a gap anything may have happened in between: what follows is no move that was seen.
  const known =
    kept.last !== undefined &&
    heardAt - (kept.heardAt ?? Number.NEGATIVE_INFINITY) <= options.trustSeconds * 1000;
  const from = known ? kept.last : undefined;
  const move = moveOf(kept, from, value, at, options);
  const moves = move ? [...kept.moves, { at, what: move }].slice(-MOST_MOVES) : kept.moves;
  if (value === 'closed') return { ...SHUT, last: value, heardAt, moves };
  const goesOn = kept.last !== undefined && kept.last !== 'closed' && kept.unclosedSince !== undefined;
  return {
    last: value,
    heardAt,
    unclosedSince: goesOn ? kept.unclosedSince : at,
    fromClosed: goesOn ? kept.fromClosed && known : from === 'closed',
    reachedOpen: (goesOn && kept.reachedOpen) || value === 'open',
    moves,
  };
}

function moveOf(
  door: DoorMemory,
  from: DoorState | undefined,
  to: DoorState,
  at: number,
  options: DoorMemoryOptions,
): DoorMove | undefined {
  if (from === 'closing' && (to === 'open' || to === 'opening')) return 'reversal';
  if (to !== 'closed' || from === undefined || !door.fromClosed || door.unclosedSince === undefined)
    return undefined;
  const brief = at - door.unclosedSince < options.failedOpeningSeconds * 1000;
  return !door.reachedOpen || brief ? 'failed-opening' : 'cycle';
}
