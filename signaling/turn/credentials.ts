import { createHmac } from 'node:crypto';

export interface TurnCredentials {
  /** `<unix expiry, s>:<id>` */
  readonly username: string;
  /** base64(HMAC-SHA1(secret, username)) */
  readonly credential: string;
}

/**
 * Short-lived TURN credentials as coturn's `use-auth-secret` checks them (draft-uberti-behave-turn-rest-00). SHA-1 is the
 * scheme's; as a keyed hash it still holds.
 * @param id names the user in the TURN server's log; must hold no name of a person
 * @param now epoch ms
 */
export function turnCredentials(
  secret: string,
  id: string,
  now: number,
  ttlSeconds: number,
): TurnCredentials {
  const username = `${Math.floor(now / 1000) + ttlSeconds}:${id}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
