import { uuidv7 } from 'uuidv7';
import { type Config, type DeepReadonly, type Lift, liftIncidents } from '../../config/index.ts';
import type {
  Actor,
  CarState,
  Clock,
  IncidentStore,
  Logger,
  MaintenanceStore,
  RecordedChange,
} from '../../core/index.ts';
import {
  createIncidentDesk,
  type IncidentDesk,
  type LiftSetup,
  readFaultTables,
  toAlarmMessage,
} from '../../incidents/index.ts';
import type { LiftPart } from './lift-registry.ts';

export interface JudgeDeps {
  readonly incidents: IncidentStore;
  readonly maintenance: MaintenanceStore;
  readonly carState: (liftId: string) => CarState | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Judgement extends LiftPart {
  readonly desk: IncidentDesk<RecordedChange>;
  /**
   * Goes on with what stood open when the service last ended, and with the maintenance windows there are. The journal must
   * have been emptied: what is in it may be the end of an incident.
   * @throws CabinwatchError STORAGE_UNAVAILABLE
   */
  takeUp(): Promise<void>;
}

const SERVICE: Actor = Object.freeze({ kind: 'service', id: 'lifts', name: 'lifts' });

/** The incidents of all lifts. */
export async function judgeLifts(
  config: DeepReadonly<Config>,
  lifts: readonly DeepReadonly<Lift>[],
  deps: JudgeDeps,
): Promise<Judgement> {
  const { incidents, maintenance, logger, clock } = deps;
  const setupOf = async (lift: DeepReadonly<Lift>): Promise<LiftSetup> => {
    const options = liftIncidents(config, lift);
    return { id: lift.id, options, faultTable: await readFaultTables(options.faultTables) };
  };
  /** Opened by this run, while it is not known what a former one has left. */
  const own = new Set<string>();
  let isTakenUp = false;
  const nextId = (): string => {
    const id = uuidv7();
    if (!isTakenUp) own.add(id);
    return id;
  };
  const site = { site: config.alarms.site };
  const desk = createIncidentDesk<RecordedChange>(
    { lifts: await Promise.all(lifts.map(setupOf)) },
    {
      clock,
      nextId,
      carState: deps.carState,
      record: (changes) => incidents.record(changes, (change) => toAlarmMessage(change, site)),
      logger,
    },
  );
  const judged = new Set(lifts.map(({ id }) => id));
  return {
    desk,
    async takeUp() {
      const [open, windows] = await Promise.all([incidents.open(), maintenance.windows(clock.now())]);
      for (const window of windows) desk.maintain(window);
      // Its own may have been closed while they were read.
      desk.takeUp(
        open.filter(({ id }) => !own.has(id)),
        SERVICE,
      );
      isTakenUp = true;
      own.clear();
    },
    async put(lift) {
      const setup = await setupOf(lift);
      if (judged.has(lift.id)) desk.changeLift(setup);
      else desk.addLift(setup);
      judged.add(lift.id);
    },
    async remove(liftId) {
      judged.delete(liftId);
      await desk.removeLift(liftId, SERVICE);
    },
  };
}
