import { CabinwatchError } from '../core/index.ts';
import type { Identity } from './auth/access.ts';
import type { LiftAdmin } from './ports.ts';

/** Which lifts somebody may see: all, or those of their groups. */
export interface Sight {
  sees(identity: Identity, liftId: string): boolean;
  /** @throws CabinwatchError INPUT_NOT_FOUND: what somebody may not see is not there for them */
  need(identity: Identity, liftId: string): void;
  /** Undefined: all. */
  liftIds(identity: Identity): string[] | undefined;
}

/** Without lifts nobody knows their groups, and who is limited to some sees none. */
export function createSight(lifts: Pick<LiftAdmin, 'list' | 'get'> | undefined): Sight {
  const sees = ({ groups }: Identity, liftId: string): boolean =>
    groups === undefined || inGroups(lifts?.get(liftId)?.group, groups);
  return {
    sees,
    need(identity, liftId) {
      if (!sees(identity, liftId)) throw new CabinwatchError('INPUT_NOT_FOUND', noLift(liftId));
    },
    liftIds: ({ groups }) =>
      groups && (lifts?.list() ?? []).filter(({ group }) => inGroups(group, groups)).map(({ id }) => id),
  };
}

export const noLift = (liftId: string): string => `There is no lift "${liftId}".`;

export function inGroups(group: string | undefined, groups: readonly string[]): boolean {
  return group !== undefined && groups.includes(group);
}
