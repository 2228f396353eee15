import {
  type Actor,
  CabinwatchError,
  type CarState,
  type Clock,
  Emitter,
  type Incident,
  type IncidentAct,
  type IncidentChange,
  type Logger,
  type MaintenanceWindow,
} from '../../core/index.ts';
import type { FaultTable } from '../faults/fault-table.ts';
import { type JudgeInput, timeOf } from '../inputs.ts';
import { closedPatch, step } from '../life/transitions.ts';
import { createLiftJudge, type LiftJudge } from '../lift-judge.ts';
import type { IncidentOptions } from '../options.ts';
import { reason } from '../words/reasons.ts';
import { evidenceOf } from '../words/say.ts';
import { Deadlines } from './deadlines.ts';

export interface LiftSetup {
  readonly id: string;
  readonly options: IncidentOptions;
  readonly faultTable: FaultTable;
}

export interface IncidentDeskOptions {
  readonly lifts: readonly LiftSetup[];
}

export interface IncidentDeskDeps<R extends IncidentChange = IncidentChange> {
  readonly clock: Clock;
  /** Calls back once after so many ms; returns what takes it back. Default: Node's timer. */
  readonly after?: (ms: number, callback: () => void) => () => void;
  readonly nextId: () => string;
  /**
   * What is known of a lift's car now; asked when a deadline has come. Controllers say the same for minutes, and only here is
   * heard that they still do. Undefined for a lift without a controller.
   */
  readonly carState?: (liftId: string) => CarState | undefined;
  /**
   * Keeps changes for good, and resolves only then; tries again by itself while that can help. It is never called while it is
   * still at it, so that changes stay in order. Where it throws, they are kept here and handed over again.
   */
  readonly record: (changes: readonly IncidentChange[]) => Promise<readonly R[]>;
  readonly logger: Logger;
}

export interface IncidentDeskEvents<R> {
  /** Judged just now, and not yet recorded: for what must be caught in the moment. Nobody may be shown it. */
  readonly judged: IncidentChange;
  /** Recorded, in order. */
  readonly change: R;
}

export interface IncidentDesk<R extends IncidentChange = IncidentChange> {
  addLift(setup: LiftSetup): void;
  /** New thresholds or another fault table; what is open and known goes on. */
  changeLift(setup: LiftSetup): void;
  /** Closes what is open on it. Resolves when that is recorded. */
  removeLift(liftId: string, by: Actor): Promise<void>;
  /** From here, car states, behaviour events and camera health; a lift that is not there is passed over. */
  push(liftId: string, input: Exclude<JudgeInput, { type: 'act' | 'take-up' | 'tick' }>): void;
  /**
   * What stood open when the service last ended goes on; where the same situation has been opened anew meanwhile, the older
   * incident goes on. What stands on a lift that is no longer watched is closed.
   */
  takeUp(incidents: readonly Incident[], by: Actor): void;
  maintain(window: MaintenanceWindow): void;
  endMaintenance(liftId: string, windowId: string): void;
  /** @throws CabinwatchError INPUT_NOT_FOUND, CONFLICT, CLOSED. Resolves with the incident once it is recorded. */
  act(incidentId: string, act: IncidentAct, actor: Actor): Promise<Incident>;
  openIncidents(liftId?: string): readonly Incident[];
  on<K extends keyof IncidentDeskEvents<R>>(
    event: K,
    listener: (payload: IncidentDeskEvents<R>[K]) => void,
  ): () => void;
  /** Resolves when all that was judged so far is recorded. */
  settled(): Promise<void>;
  /** Judges nothing more, and waits for what is judged to be recorded. Idempotent. */
  close(): Promise<void>;
}

/** Node's timer takes no more than 24 days; it is simply set anew. */
const LONGEST_TIMER_MS = 3_600_000;
/** After the recording has given up in spite of all. */
const RETRY_MS = 1000;

const nodeTimer = (ms: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** The judges of all lifts, their clock, and the order in which what they find is recorded and told. */
export function createIncidentDesk<R extends IncidentChange = IncidentChange>(
  options: IncidentDeskOptions,
  deps: IncidentDeskDeps<R>,
): IncidentDesk<R> {
  const { clock, after = nodeTimer, nextId, logger } = deps;
  const judges = new Map<string, LiftJudge>();
  const deadlines = new Deadlines();
  const emitter = new Emitter<IncidentDeskEvents<R>>((error) =>
    logger.error({ error: String(error) }, 'a listener to incidents failed'),
  );
  let waiting: IncidentChange[] = [];
  let recording: Promise<void> = Promise.resolve();
  let timer: { readonly at: number; readonly cancel: () => void } | undefined;
  let closed = false;

  /** Hands over what waits, all at once, when what was handed over before is done. */
  function record(changes: readonly IncidentChange[]): Promise<void> {
    waiting.push(...changes);
    for (const change of changes) emitter.emit('judged', change);
    const done = recording.then(drain);
    recording = done.catch(() => {});
    return done;
  }

  async function drain(): Promise<void> {
    const batch = waiting;
    if (batch.length === 0) return;
    waiting = [];
    try {
      for (const recorded of await deps.record(batch)) emitter.emit('change', recorded);
    } catch (error) {
      // What has been judged is never dropped: it goes first when it is tried again.
      waiting = [...batch, ...waiting];
      logger.error({ error: String(error), waiting: waiting.length }, 'incidents could not be recorded');
      if (!closed) after(RETRY_MS, () => tell([]));
      throw error;
    }
  }

  function tell(changes: readonly IncidentChange[]): void {
    if (changes.length + waiting.length > 0) record(changes).catch(() => {});
  }

  function judge(judgeOf: LiftJudge, input: JudgeInput): readonly IncidentChange[] {
    const changes = judgeOf.push(input);
    deadlines.set(judgeOf.liftId, judgeOf.nextDeadline());
    arm();
    return changes;
  }

  function arm(): void {
    const next = closed ? undefined : deadlines.next();
    if (timer?.at === next) return;
    timer?.cancel();
    timer = undefined;
    if (next === undefined) return;
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, next - clock.now()));
    timer = { at: next, cancel: after(wait, tick) };
  }

  function tick(): void {
    timer = undefined;
    const ts = clock.now();
    const changes = deadlines.takeDue(ts).flatMap((liftId) => {
      const found = judges.get(liftId);
      const state = deps.carState?.(liftId);
      return found ? judge(found, state ? { type: 'car', state } : { type: 'tick', ts }) : [];
    });
    tell(changes);
    arm();
  }

  function start({ id, options: own, faultTable }: LiftSetup): void {
    const created = createLiftJudge({ liftId: id, options: own, faultTable, nextId });
    judges.set(id, created);
    tell(judge(created, { type: 'tick', ts: clock.now() }));
  }

  function push(liftId: string, input: JudgeInput): readonly IncidentChange[] {
    const found = judges.get(liftId);
    if (closed || !found) return [];
    return judge(found, notAhead(input, clock.now()));
  }

  /** Closes what is open on a lift that is no longer watched. */
  function unwatched(incidents: readonly Incident[], by: Actor): IncidentChange[] {
    const at = clock.now();
    const said = evidenceOf(reason('rule', 'lift-removed'), at);
    return incidents.map((incident) =>
      step(incident, 'closed', at, closedPatch(at, by, 'removed'), [said], by),
    );
  }

  for (const setup of options.lifts) start(setup);

  return {
    addLift(setup) {
      if (judges.has(setup.id)) throw new CabinwatchError('CONFLICT', `Lift ${setup.id} is already judged.`);
      start(setup);
    },
    changeLift({ id, options: own, faultTable }) {
      const before = judges.get(id);
      if (!before) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no lift ${id}.`);
      const resumed = before.toJSON();
      const created = createLiftJudge({ liftId: id, options: own, faultTable, nextId, resumed });
      judges.set(id, created);
      tell(judge(created, { type: 'tick', ts: clock.now() }));
    },
    async removeLift(liftId, by) {
      const found = judges.get(liftId);
      if (!found) return;
      judges.delete(liftId);
      deadlines.set(liftId, undefined);
      await record(unwatched(found.open(), by));
    },
    takeUp(incidents, by) {
      if (closed) return;
      for (const liftId of new Set(incidents.map((incident) => incident.liftId))) {
        const own = incidents.filter((incident) => incident.liftId === liftId);
        const input = { type: 'take-up', ts: clock.now(), incidents: own } as const;
        tell(judges.has(liftId) ? push(liftId, input) : unwatched(own, by));
      }
    },
    push(liftId, input) {
      tell(push(liftId, input));
    },
    maintain(window) {
      tell(push(window.liftId, { type: 'maintenance', ts: clock.now(), window }));
    },
    endMaintenance(liftId, windowId) {
      tell(push(liftId, { type: 'maintenance-ended', ts: clock.now(), windowId }));
    },
    async act(incidentId, act, actor) {
      if (closed) throw new CabinwatchError('CLOSED');
      const found = [...judges.values()].find((one) => one.open().some(({ id }) => id === incidentId));
      if (!found) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no open incident ${incidentId}.`);
      const changes = judge(found, { type: 'act', ts: clock.now(), incidentId, act, actor });
      await record(changes);
      return (changes.findLast(({ incident }) => incident.id === incidentId) as IncidentChange).incident;
    },
    openIncidents: (liftId) =>
      liftId === undefined
        ? [...judges.values()].flatMap((one) => one.open())
        : (judges.get(liftId)?.open() ?? []),
    on: (event, listener) => emitter.on(event, listener),
    settled: () => recording,
    async close() {
      closed = true;
      timer?.cancel();
      timer = undefined;
      await recording;
    },
  };
}

/** A source whose clock runs ahead must not make everything else look late. */
function notAhead(input: JudgeInput, now: number): JudgeInput {
  if (timeOf(input) <= now) return input;
  switch (input.type) {
    case 'car':
      return { ...input, state: { ...input.state, ts: now } };
    case 'behaviour':
      return { ...input, event: { ...input.event, ts: now } };
    default:
      return { ...input, ts: now };
  }
}
