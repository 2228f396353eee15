import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A play token: the time it expires at (ms, base 36), a dot, and an HMAC-SHA256 over purpose, camera and that time.
 * It says nothing about who holds it, works for one camera, and cannot be taken back before it expires.
 */
export function signPlayToken(secret: string, cameraId: string, expiresAt: number): string {
  const expiry = Math.floor(expiresAt).toString(36);
  return `${expiry}.${signature(secret, cameraId, expiry).toString('base64url')}`;
}

export type TokenVerdict = 'valid' | 'expired' | 'wrong';

export function checkPlayToken(secret: string, cameraId: string, token: string, now: number): TokenVerdict {
  const [, expiry = '', given = ''] = /^([0-9a-z]{1,12})\.([\w-]{43})$/.exec(token) ?? [];
  const expected = signature(secret, cameraId, expiry);
  const bytes = Buffer.from(given, 'base64url');
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) return 'wrong';
  return Number.parseInt(expiry, 36) > now ? 'valid' : 'expired';
}

function signature(secret: string, cameraId: string, expiry: string): Buffer {
  return createHmac('sha256', secret).update(`play\n${cameraId}\n${expiry}`).digest();
}
