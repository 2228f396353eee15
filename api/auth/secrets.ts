import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits that fit into a cookie, a header and a URL. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * What is kept of a session's or a key's secret. A plain hash will do where a password's would not: nobody can try all of 256 bits.
 */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Machines' keys begin so, so that scanners for leaked secrets find them. */
const KEY_PREFIX = 'cw_';

export const newKeyToken = (): string => `${KEY_PREFIX}${newSecret()}`;

/** The key in an `Authorization` header; undefined where there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  const [scheme = '', token = ''] = header?.split(' ', 2) ?? [];
  return scheme.toLowerCase() === 'bearer' && token.startsWith(KEY_PREFIX) ? token : undefined;
}
