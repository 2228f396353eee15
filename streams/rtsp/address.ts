import { CabinwatchError } from '../../core/index.ts';
import { createRedactor, type Redactor } from '../ffmpeg/redactor.ts';

export interface CameraAddress {
  /** With credentials, for the program that opens it; never to be shown. */
  readonly full: string;
  /** Without user name, password and the like: what may be logged and shown. */
  readonly safe: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Hides every secret of this address in a text. */
  readonly redact: Redactor;
}

const SCHEMES: ReadonlySet<string> = new Set(['rtsp', 'rtsps', 'rtmp', 'rtmps', 'http', 'https']);

/** Many cameras take the password as `?password=…`, some within the path: `/user=admin&password=…&channel=1`. */
const SECRET_PARAMETER = /((?:pass|passwd|password|pwd|psw|token|key|secret|auth|sign)=)([^&/?;\s]+)/gi;

/**
 * Takes a camera's address apart.
 * @throws CabinwatchError CONFIG_INVALID, naming no part of an address that could be a secret
 */
export function parseAddress(text: string): CameraAddress {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch (cause) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'A camera address is not a URL such as rtsp://user:password@192.0.2.10:554/stream1. ' +
        'Special characters of the password must be percent-encoded: @ is %40, / is %2F, # is %23, ? is %3F.',
      { cause: cause instanceof Error ? cause.name : undefined }, // the error itself quotes the address
    );
  }
  const scheme = url.protocol.slice(0, -1).toLowerCase();
  if (!SCHEMES.has(scheme) || !url.hostname) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `A camera address must begin with one of ${[...SCHEMES].map((s) => `${s}://`).join(', ')} and name a host.`,
    );
  }
  const username = decode(url.username);
  const password = decode(url.password);
  const secrets: (string | undefined)[] = [password, url.password];
  for (const match of (url.pathname + url.search).matchAll(SECRET_PARAMETER)) {
    secrets.push(match[2], decode(match[2] ?? ''));
  }
  const rest = `${url.pathname}${url.search}`.replace(SECRET_PARAMETER, '$1***');
  return {
    full: url.href,
    safe: `${scheme}://${url.host}${rest}`,
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : undefined,
    username: username || undefined,
    password: password || undefined,
    redact: createRedactor(secrets),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is no encoding
  }
}
