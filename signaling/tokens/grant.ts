import { type Static, Type } from 'typebox';
import { RIGHTS, ROOM_ROLES } from '../rooms/roles.ts';

/**
 * What a token says. `join` is used once, within a minute; `guest` is a link, good until it expires, for one person at a time;
 * `resume` is given by the server to who has joined.
 */
export const Grant = Type.Object({
  kind: Type.Union([Type.Literal('join'), Type.Literal('guest'), Type.Literal('resume')]),
  liftId: Type.String({ minLength: 1 }),
  role: Type.Unsafe<(typeof ROOM_ROLES)[number]>(Type.Union(ROOM_ROLES.map((role) => Type.Literal(role)))),
  /** Whoever it is: an account, a terminal, a link. A second one of the same identity replaces the first. */
  identity: Type.String({ minLength: 1, maxLength: 128 }),
  /** As shown to the others. */
  name: Type.String({ maxLength: 120 }),
  rights: Type.Array(
    Type.Unsafe<(typeof RIGHTS)[number]>(Type.Union(RIGHTS.map((right) => Type.Literal(right)))),
  ),
  /** Epoch ms. */
  issuedAt: Type.Number(),
  expiresAt: Type.Number(),
  /** Makes each token one of its kind. */
  nonce: Type.String({ minLength: 8 }),
});
export type Grant = Static<typeof Grant>;
