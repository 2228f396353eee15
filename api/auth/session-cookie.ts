import { fastifyCookie as cookies } from '@fastify/cookie';

export interface SessionCookie {
  /** The secret in a `Cookie` header. */
  read(header: string | undefined): string | undefined;
  /** A `Set-Cookie` header. */
  write(secret: string, maxAgeMs: number): string;
  /** The header that makes a browser forget it. */
  clear(): string;
}

/**
 * Where the page comes over TLS, the name's prefix has the browser take the cookie only from this very host and only
 * over TLS; a plain cookie of the same name is then not looked at, as anyone on the way could have planted it.
 */
export function createSessionCookie(secure: boolean): SessionCookie {
  const name = secure ? '__Host-cabinwatch' : 'cabinwatch';
  const rules = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  return {
    read: (header) => (header === undefined ? undefined : cookies.parse(header)[name]),
    write: (secret, maxAgeMs) =>
      cookies.serialize(name, secret, { ...rules, maxAge: Math.floor(maxAgeMs / 1000) }),
    clear: () => cookies.serialize(name, '', { ...rules, maxAge: 0 }),
  };
}
