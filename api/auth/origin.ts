import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

/** The page's own origins: the one it is published under, and the one it was just asked for by. */
export interface OriginRule {
  readonly tls: boolean;
  readonly publicUrl: string | undefined;
  /**
   * Nobody signs in, so a page of another site must not read this one by having its own name resolve to 127.0.0.1
   * (DNS rebinding): only requests that name this machine are answered. With sign-in such a page has no session.
   */
  readonly thisMachineOnly: boolean;
}

/** False for a request that another site's page has a browser send. */
export function isOurs({ host = 'none', origin }: IncomingHttpHeaders, rule: OriginRule): boolean {
  const own = `${rule.tls ? 'https' : 'http'}://${host}`;
  if (!URL.canParse(own)) return false;
  const name = new URL(own).hostname.replace(/^\[|\]$/g, '');
  if (rule.thisMachineOnly && !isLoopback(name)) return false;
  return origin === undefined || origin === own || origin === publicOrigin(rule);
}

function publicOrigin({ publicUrl }: OriginRule): string | undefined {
  return publicUrl === undefined ? undefined : new URL(publicUrl).origin;
}

export const isLoopbackAddress = (address = ''): boolean =>
  /^(::ffff:)?127\./.test(address) || address === '::1';
