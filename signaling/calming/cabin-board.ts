import type { CabinStatus, CarState, Clock, Incident } from '../../core/index.ts';
import { cabinStatus } from './cabin-status.ts';

export interface CabinBoardDeps {
  readonly incidents: (liftId: string) => readonly Incident[];
  readonly car: (liftId: string) => Pick<CarState, 'door'> | undefined;
  readonly clock: Clock;
}

/** What each cabin's screen is told, and whom to tell when that changes. */
export interface CabinBoard {
  status(liftId: string): CabinStatus;
  /** Something may have changed: tells only if it has. */
  changed(liftId: string): void;
  /** Returns the function that unsubscribes. */
  subscribe(liftId: string, listener: (status: CabinStatus) => void): () => void;
}

export function createCabinBoard({ incidents, car, clock }: CabinBoardDeps): CabinBoard {
  const followed = new Map<
    string,
    { told: string; readonly listeners: Set<(status: CabinStatus) => void> }
  >();
  const status = (liftId: string): CabinStatus =>
    cabinStatus(liftId, { incidents: incidents(liftId), door: car(liftId)?.door.value }, clock.now());
  return {
    status,
    changed(liftId) {
      const found = followed.get(liftId);
      if (!found) return;
      const now = status(liftId);
      const key = withoutTime(now);
      if (key === found.told) return;
      found.told = key;
      for (const tell of [...found.listeners]) tell(now);
    },
    subscribe(liftId, listener) {
      const found = followed.get(liftId) ?? { told: withoutTime(status(liftId)), listeners: new Set() };
      followed.set(liftId, found);
      found.listeners.add(listener);
      return () => {
        found.listeners.delete(listener);
        if (found.listeners.size === 0 && followed.get(liftId) === found) followed.delete(liftId);
      };
    },
  };
}

const withoutTime = (status: CabinStatus): string => JSON.stringify({ ...status, at: 0 });
