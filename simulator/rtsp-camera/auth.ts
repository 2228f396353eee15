import { createHash, timingSafeEqual } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly scheme: 'digest' | 'basic';
}

const REALM = 'camera';

/** The `WWW-Authenticate` header to answer 401 with. */
export function challenge(scheme: Credentials['scheme'], nonce: string): string {
  return scheme === 'basic'
    ? `Basic realm="${REALM}"`
    : `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5`;
}

/** Whether an `Authorization` header answers our challenge (RFC 7617; RFC 2069 digest, which RTSP cameras use). */
export function authorized(
  header: string | undefined,
  method: string,
  nonce: string,
  credentials: Credentials,
): boolean {
  if (!header) return false;
  const [scheme = '', rest = ''] = split(header);
  if (scheme.toLowerCase() !== credentials.scheme) return false;
  const { user, password } = credentials;
  if (credentials.scheme === 'basic') {
    return same(rest.trim(), Buffer.from(`${user}:${password}`).toString('base64'));
  }
  const field = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(rest)?.[1] ?? '';
  if (field('username') !== user || field('realm') !== REALM || field('nonce') !== nonce) return false;
  const ha1 = md5(`${user}:${REALM}:${password}`);
  return same(field('response'), md5(`${ha1}:${nonce}:${md5(`${method}:${field('uri')}`)}`));
}

function split(header: string): string[] {
  const space = header.indexOf(' ');
  return space < 0 ? [header] : [header.slice(0, space), header.slice(space + 1)];
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function same(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
