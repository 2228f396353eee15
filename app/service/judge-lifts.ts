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
}

const SERVICE: Actor = Object.freeze({ kind: 'service', id: 'lifts', name: 'lifts' });

/** The incidents of all lifts, going on with what stood open when the service last ended. */
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
  const restored = await incidents.open().catch((error) => {
    logger.error(
      { error: String(error) },
      'open incidents cannot be read; they are gone on with once they can',
    );
    return [];
  });
  const site = { site: config.alarms.site };
  const desk = createIncidentDesk<RecordedChange>(
    { lifts: await Promise.all(lifts.map(setupOf)), restored },
    {
      clock,
      nextId: uuidv7,
      carState: deps.carState,
      record: (changes) => incidents.record(changes, (change) => toAlarmMessage(change, site)),
      logger,
    },
  );
  for (const window of await maintenance.windows(clock.now()).catch(() => [])) desk.maintain(window);
  const judged = new Set(lifts.map(({ id }) => id));
  return {
    desk,
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
