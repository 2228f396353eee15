import type { CarState, Heard, TimelineEntry, TimelineKind } from '../../core/index.ts';

/** What is known of the car at one moment; undefined is unknown. */
export type CarView = {
  readonly [K in 'door' | 'doorZone' | 'floor' | 'direction' | 'speed' | 'mode' | 'faults' | 'alarmButton']:
    | (CarState[K] extends Heard<infer V> ? V : never)
    | undefined;
} & { readonly link: CarState['link'] };

type Detail = TimelineEntry['detail'];

/** Faster than this the car runs, m/s; slower is levelling or a sensor's noise. */
const RUNNING = 0.05;

/** Whether the car runs, as far as is known: by its speed, or else by its direction. */
export function isRunning(view: Pick<CarView, 'speed' | 'direction'>): boolean | undefined {
  if (view.speed !== undefined) return view.speed > RUNNING;
  return view.direction === undefined ? undefined : view.direction !== 'none';
}

/**
 * What happened to one lift, from one view of it to the next. What goes on is told when it begins, and again with the same
 * `startedAt` when it ends. What ends in silence says so: `result: "lost"`.
 */
export class Timeline {
  readonly #liftId: string;
  #at = 0;
  #link: CarState['link'] = 'never';
  #door: CarView['door'];
  #cycle: { at: number; opened: boolean; reversals: number; floor: number | null } | undefined;
  #trip: { at: number; from: number | null } | undefined;
  #stop: { at: number; floor: number | null; level: boolean | null } | undefined;
  #alarmAt: number | undefined;
  #mode = 'normal';
  #faults: readonly string[] = [];

  constructor(liftId: string) {
    this.#liftId = liftId;
  }

  /** @param at when the view came to be so; an earlier one than before counts as now */
  observe(view: CarView, at: number): TimelineEntry[] {
    this.#at = Math.max(this.#at, at);
    const entries: TimelineEntry[] = [];
    const put = (
      kind: TimelineKind,
      startedAt: number,
      endedAt: number | undefined,
      detail: Detail,
    ): void => {
      entries.push({ liftId: this.#liftId, kind, startedAt, endedAt, detail });
    };
    if (view.link !== this.#link) {
      this.#link = view.link;
      put('link', this.#at, undefined, { link: view.link });
    }
    this.#observeDoor(view, put);
    this.#observeMotion(view, put);
    this.#observeFaults(view.faults, put);
    this.#observeAlarm(view.alarmButton, put);
    if (view.mode !== undefined && view.mode !== this.#mode) {
      put('mode', this.#at, undefined, { mode: view.mode, from: this.#mode });
      this.#mode = view.mode;
    }
    return entries;
  }

  #observeDoor({ door, floor }: CarView, put: Put): void {
    const before = this.#door;
    this.#door = door;
    if (door === before) return;
    if (!this.#cycle) {
      if (door === undefined || door === 'closed') return;
      this.#cycle = { at: this.#at, opened: door !== 'opening', reversals: 0, floor: floor ?? null };
      put('door-cycle', this.#at, undefined, { floor: this.#cycle.floor, reversals: 0 });
      return;
    }
    const cycle = this.#cycle;
    if (door === 'open') cycle.opened = true;
    if (before === 'closing' && (door === 'open' || door === 'opening')) {
      cycle.reversals++;
      put('door-cycle', cycle.at, undefined, { floor: cycle.floor, reversals: cycle.reversals });
    }
    if (door !== undefined && door !== 'closed') return;
    this.#cycle = undefined;
    const result = door === undefined ? 'lost' : cycle.opened ? 'completed' : 'failed';
    const { floor: where, reversals } = cycle;
    put('door-cycle', cycle.at, this.#at, {
      floor: where,
      reversals,
      result,
      seconds: this.#since(cycle.at),
    });
  }

  #observeMotion(view: CarView, put: Put): void {
    const running = isRunning(view);
    const floor = view.floor ?? null;
    if (this.#trip && running !== true) {
      const { at, from } = this.#trip;
      this.#trip = undefined;
      const result = running === undefined ? 'lost' : 'completed';
      put('trip', at, this.#at, { from, to: floor, result, seconds: this.#since(at) });
    }
    if (this.#stop && running !== false) {
      const { at, ...stop } = this.#stop;
      this.#stop = undefined;
      const result = running === undefined ? 'lost' : 'completed';
      put('stop', at, this.#at, { ...stop, result, seconds: this.#since(at) });
    }
    if (running === true && !this.#trip) {
      this.#trip = { at: this.#at, from: floor };
      put('trip', this.#at, undefined, { from: floor });
    }
    if (running === false && !this.#stop) {
      this.#stop = { at: this.#at, floor, level: view.doorZone ?? null };
      put('stop', this.#at, undefined, { floor, level: view.doorZone ?? null });
    } else if (this.#stop) {
      // Partial messages tell one thing after the other; what is known last holds.
      this.#stop.floor = floor ?? this.#stop.floor;
      this.#stop.level = view.doorZone ?? this.#stop.level;
    }
  }

  #observeFaults(faults: readonly string[] | undefined, put: Put): void {
    if (faults === undefined || faults === this.#faults) return;
    const standing = this.#faults;
    this.#faults = faults;
    const come = faults.filter((code) => !standing.includes(code));
    const gone = standing.filter((code) => !faults.includes(code));
    if (come.length > 0)
      put('fault', this.#at, undefined, { codes: come.join(' '), standing: faults.length });
    if (gone.length > 0)
      put('fault-cleared', this.#at, undefined, { codes: gone.join(' '), standing: faults.length });
  }

  #observeAlarm(pressed: boolean | undefined, put: Put): void {
    if (pressed === true && this.#alarmAt === undefined) {
      this.#alarmAt = this.#at;
      put('alarm-button', this.#at, undefined, {});
    } else if (pressed === false && this.#alarmAt !== undefined) {
      put('alarm-button', this.#alarmAt, this.#at, { seconds: this.#since(this.#alarmAt) });
      this.#alarmAt = undefined;
    }
  }

  #since(at: number): number {
    return Math.round((this.#at - at) / 100) / 10;
  }

  toJSON(): unknown {
    const { cycle, trip, stop } = { cycle: this.#cycle, trip: this.#trip, stop: this.#stop };
    return { cycle, trip, stop, alarmAt: this.#alarmAt, mode: this.#mode, faults: this.#faults };
  }
}

type Put = (kind: TimelineKind, startedAt: number, endedAt: number | undefined, detail: Detail) => void;
