import type { RoomRole } from '../../signaling/index.ts';

/** Who gives way first. */
const ORDER: Readonly<Record<RoomRole, number>> = {
  cabin: 0,
  guest: 1,
  recorder: 2,
  supervisor: 3,
  operator: 4,
};

interface Side {
  readonly id: string;
  readonly role: RoomRole;
}

/**
 * In perfect negotiation one of two gives way. The cabin always does, so that an operator's offer is never lost; of two of a
 * role the one with the smaller id. Both sides come to the same answer by themselves.
 */
export function isPolite(self: Side, peer: Side): boolean {
  const difference = ORDER[self.role] - ORDER[peer.role];
  return difference === 0 ? self.id < peer.id : difference < 0;
}
