/**
 * Who may be in a lift's room. `supervisor` listens and may take over; `recorder` is shown to nobody; `guest` comes by a
 * link that holds for a while: the 96333 centre, or a mechanic.
 */
export const ROOM_ROLES = Object.freeze(['cabin', 'guest', 'recorder', 'supervisor', 'operator'] as const);
export type RoomRole = (typeof ROOM_ROLES)[number];

/** `publish`: be seen and heard; `subscribe`: see and hear; `call`: begin a call; `take-over`: take it from who has it. */
export const RIGHTS = Object.freeze(['publish', 'subscribe', 'call', 'take-over'] as const);
export type Right = (typeof RIGHTS)[number];

export const ROLE_RIGHTS: Readonly<Record<RoomRole, readonly Right[]>> = Object.freeze({
  cabin: ['publish', 'subscribe'],
  guest: ['publish', 'subscribe', 'call'],
  recorder: ['subscribe'],
  supervisor: ['publish', 'subscribe', 'call', 'take-over'],
  operator: ['publish', 'subscribe', 'call'],
});
