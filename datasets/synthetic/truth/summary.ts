import { EBIKE_KINDS } from '../scenario/schema.ts';
import type { WorldState } from '../world.ts';

/** Something that happened, in seconds from the start of the clip. An event that lasts to the end ends with the clip. */
export interface TruthEvent {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** Who or what took part. */
  readonly ids: readonly string[];
}

export interface TruthSummary {
  /** People in the cabin: one entry at every change. */
  readonly counts: readonly { readonly t: number; readonly inside: number }[];
  readonly events: readonly TruthEvent[];
}

/** More than this many people make a crowd. */
const CROWD = 5;
/** How near the door line somebody stands who blocks the door, m, and for how long, s. */
const DOORWAY = 0.3;
const BLOCKING_TIME = 4;
/** A door open less than this lets nobody out, 0–1. */
const PASSABLE = 0.5;
/** A car that goes on sooner was only a stop, s. */
const TRAPPED_TIME = 10;
/** Conditions that are events only once they have lasted, and by what name: walking through a door is not blocking it. */
const LASTING: ReadonlyMap<string, readonly [kind: string, seconds: number]> = new Map([
  ['in-doorway', ['door-blocked', BLOCKING_TIME]],
  ['stuck', ['entrapment', TRAPPED_TIME]],
]);

/** What is true of one moment, as names of conditions with those who meet them. */
function conditions(state: WorldState, sill: number): Map<string, string[]> {
  const out = new Map<string, string[]>();
  const put = (kind: string, ids: string[]): void => {
    if (ids.length > 0) out.set(kind, ids);
  };
  const inside = state.people.filter((p) => p.inside);
  const doing = (...actions: string[]): string[] =>
    inside.filter((p) => actions.includes(p.performance.action)).map((p) => p.spec.id);
  put('fall', doing('falling', 'lying'));
  put('motionless-person', doing('lying'));
  put('low-posture', doing('crouch', 'sit', 'tie-shoe', 'pick-up', 'kneel'));
  put(
    'ebike',
    state.things.filter((t) => t.inside && EBIKE_KINDS.includes(t.spec.kind)).map((t) => t.spec.id),
  );
  put(
    'other-vehicle',
    state.things
      .filter((t) => t.inside && ['bicycle', 'pram', 'wheelchair', 'trolley'].includes(t.spec.kind))
      .map((t) => t.spec.id),
  );
  put(
    'battery',
    state.things.filter((t) => t.inside && t.spec.kind === 'battery').map((t) => t.spec.id),
  );
  if (inside.length > CROWD)
    put(
      'crowding',
      inside.map((p) => p.spec.id),
    );
  if (state.car.opening > 0) {
    put(
      'in-doorway',
      state.people.filter((p) => Math.abs(p.posture.root[2] - sill) < DOORWAY).map((p) => p.spec.id),
    );
  }
  put('door-held', doing('hold-door'));
  const { speed, opening, doorZone, faults } = state.car;
  if (speed === 0 && opening < PASSABLE && (!doorZone || faults.length > 0))
    put(
      'stuck',
      inside.map((p) => p.spec.id),
    );
  if (state.picture.fault === 'covered') put('camera-blocked', ['camera']);
  if (state.picture.fault === 'frozen') put('camera-frozen', ['camera']);
  if (state.picture.fault === 'infrared') put('infrared', ['camera']);
  if (state.picture.light === 'off' || state.picture.light === 'emergency') put('lights-out', ['cabin']);
  return out;
}

/** Follows a clip from state to state and sums it up. */
export class SummaryBuilder {
  readonly #sill: number;
  readonly #open = new Map<string, { start: number; ids: Set<string> }>();
  readonly #events: TruthEvent[] = [];
  readonly #counts: { t: number; inside: number }[] = [];

  constructor(sill: number) {
    this.#sill = sill;
  }

  push(state: WorldState): void {
    const inside = state.people.filter((p) => p.inside).length;
    if (this.#counts.at(-1)?.inside !== inside) this.#counts.push({ t: round(state.t), inside });
    const now = conditions(state, this.#sill);
    for (const [kind, ids] of now) {
      const open = this.#open.get(kind) ?? { start: state.t, ids: new Set<string>() };
      for (const id of ids) open.ids.add(id);
      this.#open.set(kind, open);
    }
    for (const kind of [...this.#open.keys()]) if (!now.has(kind)) this.#close(kind, state.t);
  }

  finish(t: number): TruthSummary {
    for (const kind of [...this.#open.keys()]) this.#close(kind, t);
    return { counts: this.#counts, events: this.#events.sort((a, b) => a.start - b.start) };
  }

  #close(kind: string, end: number): void {
    const open = this.#open.get(kind);
    this.#open.delete(kind);
    if (!open) return;
    const [name, least] = LASTING.get(kind) ?? [kind, 0];
    if (end - open.start >= least)
      this.#events.push({ kind: name, start: round(open.start), end: round(end), ids: [...open.ids] });
  }
}

const round = (v: number): number => Math.round(v * 1000) / 1000;
