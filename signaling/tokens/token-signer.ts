import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { ProtocolError } from '../protocol/codec.ts';
import { Grant } from './grant.ts';

const PREFIX = 'cw1';
const validator = Compile(Grant);

/**
 * Signs and reads tokens: `cw1.<base64url JSON>.<base64url HMAC-SHA256>`. One format and one algorithm, so that there is no
 * header to lie about either (docs/decisions/0047-own-token-format.md).
 */
export class TokenSigner {
  readonly #key: Buffer;

  constructor(secret: string) {
    // Keyed by purpose, so that the same secret may serve elsewhere.
    this.#key = createHmac('sha256', secret).update('cabinwatch signaling tokens').digest();
  }

  sign(grant: Omit<Grant, 'nonce'>): string {
    const full: Grant = { ...grant, nonce: randomBytes(12).toString('base64url') };
    const payload = Buffer.from(JSON.stringify(full)).toString('base64url');
    return `${PREFIX}.${payload}.${this.#mac(payload).toString('base64url')}`;
  }

  /** @throws ProtocolError TOKEN_INVALID, TOKEN_EXPIRED */
  read(token: string, now: number): Grant {
    const [prefix, payload = '', mac = '', ...rest] = token.split('.');
    const given = Buffer.from(mac, 'base64url');
    const right = this.#mac(payload);
    if (
      prefix !== PREFIX ||
      rest.length > 0 ||
      given.length !== right.length ||
      !timingSafeEqual(given, right)
    )
      throw new ProtocolError('TOKEN_INVALID', 'The token is not one of this service. Ask for a new one.');
    const grant: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (!validator.Check(grant))
      throw new ProtocolError('TOKEN_INVALID', 'The token is of another version. Ask for a new one.');
    if (grant.expiresAt <= now)
      throw new ProtocolError('TOKEN_EXPIRED', 'The token has run out. Ask for a new one.');
    return grant;
  }

  #mac(payload: string): Buffer {
    return createHmac('sha256', this.#key).update(payload).digest();
  }
}
