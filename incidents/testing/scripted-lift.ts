import type {
  Actor,
  BehaviourEvent,
  BehaviourKind,
  CameraState,
  CarState,
  DoorState,
  Heard,
  Incident,
  IncidentAct,
  IncidentChange,
  IncidentKind,
  LiftMode,
} from '../../core/index.ts';
import type { FaultTable } from '../faults/fault-table.ts';
import type { JudgeInput } from '../inputs.ts';
import { createLiftJudge, type LiftJudge } from '../lift-judge.ts';
import { type IncidentOptionsInput, incidentOptions } from '../options.ts';

export const LIFT = 'L1';
export const OPERATOR: Actor = { kind: 'user', id: 'u1', name: 'Ann' };
export const NO_CAUSES: FaultTable = { table: 'none', rows: [] };

/** What a controller says of its car; a field that is left out stays as it was, undefined is "unknown". */
export interface Said {
  readonly door?: DoorState | undefined;
  readonly doorZone?: boolean | undefined;
  readonly floor?: number | undefined;
  readonly direction?: 'up' | 'down' | 'none' | undefined;
  readonly speed?: number | undefined;
  readonly mode?: LiftMode | undefined;
  readonly load?: number | undefined;
  readonly faults?: readonly string[] | undefined;
  readonly alarmButton?: boolean | undefined;
}

const FIELDS = [
  'door',
  'doorZone',
  'floor',
  'direction',
  'speed',
  'mode',
  'load',
  'faults',
  'alarmButton',
] as const;
const UNHEARD: Heard<never> = { value: undefined, since: undefined, heardAt: undefined };
export const SILENT: Said = Object.fromEntries(FIELDS.map((field) => [field, undefined]));

/** A car's state after it has said more, at `ts`. */
export function carAfter(before: CarState | undefined, said: Said, ts: number): CarState {
  const heard = (field: (typeof FIELDS)[number]): Heard<unknown> => {
    const last: Heard<unknown> = before?.[field] ?? UNHEARD;
    if (!(field in said)) return last.value === undefined ? last : { ...last, heardAt: ts };
    const value = said[field];
    if (value === undefined) return { value, since: undefined, heardAt: last.heardAt };
    const same = JSON.stringify(value) === JSON.stringify(last.value);
    return { value, since: same ? last.since : ts, heardAt: ts };
  };
  const fields = Object.fromEntries(FIELDS.map((field) => [field, heard(field)]));
  const link = FIELDS.every((field) => fields[field]?.value === undefined) ? 'silent' : 'online';
  const linkSince = before?.link === link ? before.linkSince : ts;
  return { liftId: LIFT, ts, link, linkSince, ...fields } as CarState;
}

/** A judge with a script: seconds in, changes out. Between two lines the controller repeats itself every second. */
export class ScriptedLift {
  readonly judge: LiftJudge;
  readonly changes: IncidentChange[] = [];
  readonly #ids = { next: 1 };
  #car: CarState | undefined;
  #now = 0;

  constructor(
    options: IncidentOptionsInput = {},
    given: Partial<Parameters<typeof createLiftJudge>[0]> = {},
  ) {
    this.judge = createLiftJudge({
      liftId: LIFT,
      options: incidentOptions(options),
      faultTable: NO_CAUSES,
      nextId: () => `i${this.#ids.next++}`,
      ...given,
    });
  }

  push(input: JudgeInput): void {
    this.changes.push(...this.judge.push(input));
  }

  /** Time passes to `t` s; the controller, if it speaks, repeats itself every second. */
  to(t: number): this {
    for (; this.#now < t; this.#now = Math.min(t, this.#now + 1)) {
      const next = Math.min(t, this.#now + 1) * 1000;
      if (this.#car && this.#car.link === 'online') this.car({}, next / 1000);
      else this.push({ type: 'tick', ts: next });
    }
    return this;
  }

  car(said: Said, t: number = this.#now): this {
    if (t > this.#now && Object.keys(said).length > 0) this.to(t);
    this.#car = carAfter(this.#car, said, t * 1000);
    this.push({ type: 'car', state: this.#car });
    return this;
  }

  people(count: number, t: number = this.#now): this {
    return this.see('occupancy', count === 0 ? 'ended' : 'updated', { count }, t);
  }

  see(
    kind: BehaviourKind,
    phase: BehaviourEvent['phase'],
    evidence: BehaviourEvent['evidence'] = {},
    t: number = this.#now,
  ): this {
    this.to(t);
    const ts = t * 1000;
    this.push({
      type: 'behaviour',
      event: { kind, phase, liftId: LIFT, ts, startedAt: ts, confidence: 0.9, evidence },
    });
    return this;
  }

  camera(state: CameraState, t: number = this.#now): this {
    this.to(t);
    const ts = t * 1000;
    const health = {
      cameraId: LIFT,
      liftId: LIFT,
      state,
      since: ts,
      lastPictureAt: undefined,
      pictureAgeMs: undefined,
      reconnects: 0,
      fpsExpected: 5,
      fpsGot: 5,
      error: undefined,
    };
    this.push({ type: 'camera', ts, health });
    return this;
  }

  act(act: IncidentAct, kind: IncidentKind = 'entrapment'): this {
    const incident = this.judge.open().find((one) => one.kind === kind);
    const incidentId = incident?.id ?? 'none';
    this.push({ type: 'act', ts: this.#now * 1000, incidentId, act, actor: OPERATOR });
    return this;
  }

  /** `confirmed 15`: the changes of a kind with their seconds. */
  story(kind: IncidentKind): string[] {
    return this.changes
      .filter(({ incident }) => incident.kind === kind)
      .map(({ change, at }) => `${change} ${at / 1000}`);
  }

  /** The incident as it was after its latest change of that name. */
  after(kind: IncidentKind, change: IncidentChange['change']): Incident {
    const found = this.changes.findLast((c) => c.incident.kind === kind && c.change === change);
    if (!found) throw new Error(`there is no ${change} ${kind}`);
    return found.incident;
  }

  /** Every change that tells of a kind's phase, without what only adds to it. */
  steps(kind: IncidentKind): string[] {
    return this.story(kind).filter((line) => !line.startsWith('updated'));
  }
}

/** A car that is on its way up with people in it, and what it says when it stops there. */
export const RIDING: Said = {
  door: 'closed',
  doorZone: false,
  floor: 5,
  direction: 'up',
  speed: 1.6,
  mode: 'normal',
  faults: [],
  alarmButton: false,
};
export const STOPPED: Said = { speed: 0, direction: 'none' };
export const AT_FLOOR: Said = { ...RIDING, ...STOPPED, doorZone: true };
export const OPEN_AT_FLOOR: Said = { ...AT_FLOOR, door: 'open' };
