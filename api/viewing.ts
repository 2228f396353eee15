import { Type } from 'typebox';
import { CabinwatchError, type Clock } from '../core/index.ts';
import type { Recorder } from './audit.ts';
import type { Identity } from './auth/access.ts';
import type { IncidentDesk } from './ports.ts';

/** Why somebody looks into a cabin in which nothing is known to be wrong. */
export const Reason = Type.String({
  minLength: 3,
  maxLength: 500,
  description: 'Needed without an open incident of the lift.',
});

export const reasonMissing = (): CabinwatchError =>
  new CabinwatchError(
    'INPUT_INVALID',
    'reason: without an open incident of the lift, say why you look into the cabin (3 to 500 characters).',
  );

/** What entitles somebody to see the people in a cabin. */
export type Grounds = { readonly incidentId: string } | { readonly reason: string };

export interface View {
  readonly identity: Identity;
  readonly liftId: string;
  readonly cameraId: string;
  /** Undefined: somebody at this machine, where nobody signs in and no reason is asked for. */
  readonly grounds: Grounds | undefined;
}

export interface Viewing {
  /** An open incident of the lift, or else the reason given; undefined without either. */
  grounds(liftId: string, reason: string | undefined): Grounds | undefined;
  /** Written down each time. */
  watched(view: View): Promise<void>;
  /** Written down once an hour for each viewer, camera and grounds: pages fetch a picture every second. */
  pictured(view: View): Promise<void>;
}

export interface ViewingDeps {
  readonly desk: Pick<IncidentDesk, 'openIncidents'> | undefined;
  readonly record: Recorder;
  readonly clock: Clock;
}

const NOTED_FOR_MS = 3_600_000;
const MOST_NOTED = 10_000;

/** The rule for looking into cabins. Incidents are the judges' own: it holds also while the database is away. */
export function createViewing({ desk, record, clock }: ViewingDeps): Viewing {
  /** When it was last written down who sees which camera and why; the oldest first. */
  const noted = new Map<string, number>();
  const note = async (action: string, { identity, liftId, cameraId, grounds }: View): Promise<void> =>
    record(identity.actor, action, `lift/${liftId}`, { cameraId, ...grounds });
  return {
    grounds(liftId, reason) {
      const incident = desk?.openIncidents(liftId)[0];
      if (incident) return { incidentId: incident.id, ...(reason !== undefined && { reason }) };
      return reason === undefined ? undefined : { reason };
    },
    watched: (view) => note('camera.watched', view),
    async pictured(view) {
      const { identity, cameraId, grounds } = view;
      const key = JSON.stringify([identity.actor.kind, identity.actor.id, cameraId, grounds]);
      const now = clock.now();
      if (now - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < NOTED_FOR_MS) return;
      await note('camera.pictured', view);
      noted.delete(key);
      noted.set(key, now);
      const oldest = noted.keys().next().value;
      if (noted.size > MOST_NOTED && oldest !== undefined) noted.delete(oldest);
    },
  };
}
