import {
  CAR_FIELDS,
  type CarField,
  type CarState,
  type ControllerLink,
  type Heard,
} from '../../core/index.ts';
import type { CheckedMessage } from '../message.ts';
import { ControllerClock } from './controller-clock.ts';
import { Sequence } from './sequence.ts';
import { type CarView, Timeline } from './timeline.ts';
import type { Heeded, PushResult, SilenceLimits, TrackerCounters } from './tracker-types.ts';

export interface CarTrackerOptions {
  readonly liftId: string;
  readonly limits: SilenceLimits;
}

const SKEWED_MS = 2000;
const RECENT_IDS = 16;
const NOTHING: Heeded = Object.freeze({ changed: false, timeline: Object.freeze([]) });
const NO_FAULTS: readonly string[] = Object.freeze([]);
const UNHEARD: Heard<never> = Object.freeze({ value: undefined, since: undefined, heardAt: undefined });
type OrderBy = 'seq' | 'ts' | 'arrival';

/**
 * The car state of one lift from its controller's messages. Pure: time is an argument and never goes back. Each field is the
 * word of the latest message that spoke of it, whatever order they came in, and unknown once that word is too old.
 */
export class CarTracker {
  readonly #liftId: string;
  #limits: SilenceLimits;
  readonly #values: unknown[] = CAR_FIELDS.map(() => undefined);
  readonly #since: number[] = CAR_FIELDS.map(() => Number.NaN);
  readonly #heardAt: number[] = CAR_FIELDS.map(() => Number.NaN);
  /** By what the word of each field is ordered among others; -Infinity: anything is later. */
  readonly #order: number[] = CAR_FIELDS.map(() => -Infinity);
  #orderBy: OrderBy = 'arrival';
  #link: ControllerLink = 'never';
  #linkSince = Number.NaN;
  #lastAt = Number.NaN;
  #willAt = Number.NaN;
  #newestTs = -Infinity;
  readonly #clock = new ControllerClock();
  readonly #sequence = new Sequence();
  #ids: string[] | undefined;
  readonly #timeline: Timeline;
  readonly counters: TrackerCounters = {
    accepted: 0,
    duplicates: 0,
    outdated: 0,
    reordered: 0,
    skewed: 0,
    restarts: 0,
    clockSteps: 0,
    silences: 0,
  };
  /** When silence will change what is known unless something is heard, ms; Infinity when nothing is known. */
  deadline = Infinity;

  constructor(options: CarTrackerOptions) {
    this.#liftId = options.liftId;
    this.#limits = options.limits;
    this.#timeline = new Timeline(options.liftId);
  }

  get link(): ControllerLink {
    return this.#link;
  }

  /** By how much the controller's clock is behind ours, ms, with the link's least delay; undefined without time stamps. */
  get clockOffsetMs(): number | undefined {
    return this.#clock.offset;
  }

  setLimits(limits: SilenceLimits, now: number): Heeded {
    this.#limits = limits;
    this.#setDeadline();
    return this.expire(now);
  }

  push(message: CheckedMessage, receivedAt: number): PushResult {
    const expired = this.expire(receivedAt);
    const at = this.#date(message, receivedAt);
    const late = this.#isLate(message, receivedAt);
    if (late === 'duplicate') return this.#refuse('duplicate', expired);
    const order = this.#orderOf(message, receivedAt);
    const { applied, changed } = this.#apply(message, order, at, receivedAt);
    const speaks = CAR_FIELDS.some((field) => message[field] !== undefined);
    if (speaks && !applied)
      return this.#refuse(late || message.ts !== this.#newestTs ? 'outdated' : 'duplicate', expired, changed);

    this.counters.accepted++;
    if (late || (message.ts ?? Infinity) < this.#newestTs) this.counters.reordered++;
    this.#newestTs = Math.max(this.#newestTs, message.ts ?? -Infinity);
    const linked = this.#heard(at, receivedAt);
    this.#setDeadline();
    const different = changed || linked;
    const entries = different ? this.#timeline.observe(this.#view(), at) : NOTHING.timeline;
    const timeline = expired.timeline.length > 0 ? [...expired.timeline, ...entries] : entries;
    return { outcome: 'accepted', changed: different || expired.changed, timeline };
  }

  /** The controller's last will has come: unless it is back soon, it is silent. */
  lost(at: number): void {
    if (this.#link !== 'online') return;
    this.#willAt = at;
    this.#setDeadline();
  }

  /** Lets what is too old become unknown. To be called from time to time, and when `deadline` has come. */
  expire(now: number): Heeded {
    if (now < this.deadline) return NOTHING;
    const silentAt = this.#silentAt();
    const silent = this.#link === 'online' && now >= silentAt;
    let endedAt = -Infinity;
    if (silent) {
      this.#link = 'silent';
      this.#linkSince = silentAt;
      this.#willAt = Number.NaN;
      this.counters.silences++;
      endedAt = silentAt;
    }
    for (let i = 0; i < CAR_FIELDS.length; i++) {
      const end = silent ? Math.min(silentAt, this.#unknownAt(i)) : this.#unknownAt(i);
      if (this.#values[i] === undefined || now < end) continue;
      this.#values[i] = undefined;
      this.#since[i] = Number.NaN;
      endedAt = Math.max(endedAt, end);
    }
    this.#setDeadline();
    if (endedAt === -Infinity) return NOTHING;
    return { changed: true, timeline: this.#timeline.observe(this.#view(), endedAt) };
  }

  /** What is known at `now`. Changes nothing. */
  state(now: number): CarState {
    const silentAt = this.#silentAt();
    const silent = this.#link === 'online' && now >= silentAt;
    const online = this.#link === 'online' && !silent;
    const heard = <K extends CarField>(index: number): CarState[K] => {
      const heardAt = this.#heardAt[index] as number;
      if (Number.isNaN(heardAt)) return UNHEARD as CarState[K];
      const known = online && this.#values[index] !== undefined && now < this.#unknownAt(index);
      return {
        value: known ? this.#values[index] : undefined,
        since: known ? this.#since[index] : undefined,
        heardAt,
      } as CarState[K];
    };
    return {
      liftId: this.#liftId,
      ts: now,
      link: silent ? 'silent' : this.#link,
      linkSince: silent ? silentAt : Number.isNaN(this.#linkSince) ? undefined : this.#linkSince,
      door: heard<'door'>(0),
      doorZone: heard<'doorZone'>(1),
      floor: heard<'floor'>(2),
      direction: heard<'direction'>(3),
      speed: heard<'speed'>(4),
      mode: heard<'mode'>(5),
      load: heard<'load'>(6),
      faults: heard<'faults'>(7),
      alarmButton: heard<'alarmButton'>(8),
    };
  }

  toJSON(): unknown {
    return {
      liftId: this.#liftId,
      link: this.#link,
      lastAt: this.#lastAt,
      deadline: this.deadline,
      clockOffsetMs: this.clockOffsetMs,
      fields: Object.fromEntries(
        CAR_FIELDS.map((field, i) => [
          field,
          { value: this.#values[i], since: this.#since[i], heardAt: this.#heardAt[i], order: this.#order[i] },
        ]),
      ),
      counters: this.counters,
      timeline: this.#timeline,
    };
  }

  #date({ ts, seq }: CheckedMessage, receivedAt: number): number {
    if (ts === undefined) return receivedAt;
    const at = Math.round(this.#clock.date(ts, receivedAt));
    if (Math.abs(this.#clock.offset ?? 0) > SKEWED_MS) this.counters.skewed++;
    if (this.#clock.stepped) {
      this.counters.clockSteps++;
      this.#beginAnew();
      if (seq !== undefined) this.#sequence.restart(seq - 1, receivedAt);
    }
    return at;
  }

  /** Whether it has been overtaken, going by `seq` and `id`. */
  #isLate({ ts, seq, id }: CheckedMessage, receivedAt: number): boolean | 'duplicate' {
    if (id !== undefined) {
      this.#ids ??= [];
      if (this.#ids.includes(id)) return 'duplicate';
      if (this.#ids.push(id) > RECENT_IDS) this.#ids.shift();
    }
    if (seq === undefined) return false;
    const verdict = this.#sequence.judge(seq, ts === undefined ? undefined : ts > this.#newestTs, receivedAt);
    if (verdict === 'restart') {
      this.counters.restarts++;
      this.#beginAnew();
    }
    return verdict === 'duplicate' ? verdict : verdict === 'late';
  }

  /** What was said before no longer counts as later than what comes. */
  #beginAnew(): void {
    this.#order.fill(-Infinity);
    this.#newestTs = -Infinity;
  }

  #orderOf({ ts, seq }: CheckedMessage, receivedAt: number): number {
    const by: OrderBy = seq !== undefined ? 'seq' : ts !== undefined ? 'ts' : 'arrival';
    if (by !== this.#orderBy) this.#beginAnew();
    this.#orderBy = by;
    return seq ?? ts ?? receivedAt;
  }

  #apply(
    message: CheckedMessage,
    order: number,
    at: number,
    receivedAt: number,
  ): { readonly applied: boolean; readonly changed: boolean } {
    let applied = false;
    let changed = false;
    const online = this.#link === 'online' || at + this.#limits.silentAfterMs > receivedAt;
    for (let i = 0; i < CAR_FIELDS.length; i++) {
      const said = message[CAR_FIELDS[i] as CarField];
      if (said === undefined) continue;
      const value = this.#canonical(i, said);
      const last = this.#order[i] as number;
      const same = value === this.#values[i];
      if (order < last || (order === last && same && this.#orderBy !== 'arrival')) {
        changed = this.#contradicts(i, same, at) || changed;
        continue;
      }
      applied = true;
      this.#order[i] = order;
      this.#heardAt[i] = Math.max(this.#heardAt[i] || 0, at);
      const next = online && this.#unknownAt(i) > receivedAt ? value : undefined;
      if (next === this.#values[i]) continue;
      this.#values[i] = next;
      this.#since[i] = next === undefined ? Number.NaN : at;
      changed = true;
    }
    return { applied, changed };
  }

  /** A late word that says otherwise proves that what is known now has not lasted since before it. */
  #contradicts(index: number, same: boolean, at: number): boolean {
    if (same || !(at > (this.#since[index] as number))) return false;
    this.#since[index] = Math.min(at, this.#heardAt[index] as number);
    return true;
  }

  /** Null is unknown; fault codes are compared as a set, and one object stands for the same set. */
  #canonical(index: number, said: unknown): unknown {
    if (said === null) return undefined;
    if (!Array.isArray(said)) return said;
    if (said.length === 0) return NO_FAULTS;
    const codes = said.length > 1 ? [...new Set(said as string[])].sort() : said;
    const now = this.#values[index] as readonly string[] | undefined;
    return now?.length === codes.length && now.every((code, i) => code === codes[i]) ? now : codes;
  }

  #heard(at: number, receivedAt: number): boolean {
    this.#lastAt = Math.max(this.#lastAt || 0, at);
    this.#willAt = Number.NaN;
    if (this.#link === 'online' || receivedAt >= this.#silentAt()) return false;
    this.#link = 'online';
    this.#linkSince = at;
    return true;
  }

  #refuse(outcome: 'duplicate' | 'outdated', expired: Heeded, changed = false): PushResult {
    if (outcome === 'duplicate') this.counters.duplicates++;
    else this.counters.outdated++;
    return { outcome, changed: expired.changed || changed, timeline: expired.timeline };
  }

  #silentAt(): number {
    const silentAt = this.#lastAt + this.#limits.silentAfterMs;
    return Number.isNaN(this.#willAt) ? silentAt : Math.min(silentAt, this.#willAt + this.#limits.graceMs);
  }

  #unknownAt(index: number): number {
    return (this.#heardAt[index] as number) + this.#limits.unknownAfterMs[CAR_FIELDS[index] as CarField];
  }

  #setDeadline(): void {
    let deadline = this.#link === 'online' ? this.#silentAt() : Infinity;
    for (let i = 0; i < CAR_FIELDS.length; i++)
      if (this.#values[i] !== undefined) deadline = Math.min(deadline, this.#unknownAt(i));
    this.deadline = deadline;
  }

  #view(): CarView {
    const [door, doorZone, floor, direction, speed, mode, , faults, alarmButton] = this.#values;
    return {
      link: this.#link,
      door,
      doorZone,
      floor,
      direction,
      speed,
      mode,
      faults,
      alarmButton,
    } as CarView;
  }
}

/** A tracker for one lift. */
export const createCarTracker = (options: CarTrackerOptions): CarTracker => new CarTracker(options);
