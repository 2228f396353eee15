import { createHash } from 'node:crypto';

export interface Challenge {
  readonly scheme: 'basic' | 'digest';
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const ALGORITHMS: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256' };

/** The challenges of `WWW-Authenticate` headers that we can answer, the strongest first (RFC 7616, RFC 7617). */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  for (const header of headers) {
    const [, word = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
    const scheme = word.toLowerCase();
    if (scheme !== 'basic' && scheme !== 'digest') continue;
    const parameters: Record<string, string> = {};
    for (const match of rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
      parameters[(match[1] ?? '').toLowerCase()] = match[2] ?? match[3] ?? '';
    }
    if (scheme === 'digest' && !((parameters.algorithm ?? 'MD5').toUpperCase() in ALGORITHMS)) continue;
    challenges.push({ scheme, parameters });
  }
  return challenges.sort((a, b) => strength(b) - strength(a));
}

function strength({ scheme, parameters }: Challenge): number {
  if (scheme === 'basic') return 0;
  return parameters.algorithm?.toUpperCase() === 'SHA-256' ? 2 : 1;
}

export interface AuthorizedRequest {
  readonly method: string;
  readonly uri: string;
  /** Requests made with this challenge so far, from 1. */
  readonly count: number;
  /** Random text of ours; only used where the challenge asks for `qop=auth`. */
  readonly cnonce: string;
}

/** The value of the `Authorization` header. */
export function authorize(
  challenge: Challenge,
  credentials: Credentials,
  request: AuthorizedRequest,
): string {
  const { username, password } = credentials;
  if (challenge.scheme === 'basic') {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  const { realm = '', nonce = '', opaque, algorithm, qop } = challenge.parameters;
  const name = ALGORITHMS[(algorithm ?? 'MD5').toUpperCase()] ?? 'md5';
  const hash = (text: string): string => createHash(name).update(text).digest('hex');
  const ha1 = hash(`${username}:${realm}:${password}`);
  const ha2 = hash(`${request.method}:${request.uri}`);
  const fields = [`username="${username}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${request.uri}"`];
  if (qop?.split(',').some((q) => q.trim() === 'auth')) {
    const nc = request.count.toString(16).padStart(8, '0');
    fields.push(`response="${hash(`${ha1}:${nonce}:${nc}:${request.cnonce}:auth:${ha2}`)}"`);
    fields.push('qop=auth', `nc=${nc}`, `cnonce="${request.cnonce}"`);
  } else {
    fields.push(`response="${hash(`${ha1}:${nonce}:${ha2}`)}"`);
  }
  if (algorithm) fields.push(`algorithm=${algorithm}`);
  if (opaque !== undefined) fields.push(`opaque="${opaque}"`);
  return `Digest ${fields.join(', ')}`;
}
