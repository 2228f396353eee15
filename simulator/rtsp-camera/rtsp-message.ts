const MAX_HEAD = 16 * 1024;
const MAX_BODY = 64 * 1024;

export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * Cuts a client's bytes into requests; interleaved binary (the client's receiver reports) is skipped.
 * Does no I/O. Throws RangeError on what is no RTSP: the connection is then of no use.
 */
export class RtspParser {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): RtspRequest[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const requests: RtspRequest[] = [];
    while (this.#pending.length > 0) {
      if (this.#pending[0] === 0x24) {
        const size = this.#pending.length >= 4 ? 4 + this.#pending.readUInt16BE(2) : Number.POSITIVE_INFINITY;
        if (this.#pending.length < size) break;
        this.#pending = this.#pending.subarray(size);
        continue;
      }
      const end = this.#pending.indexOf('\r\n\r\n');
      if (end < 0 ? this.#pending.length > MAX_HEAD : end > MAX_HEAD) throw new RangeError('head too long');
      if (end < 0) break;
      const request = parseHead(this.#pending.toString('latin1', 0, end));
      const body = Number(request.headers.get('content-length') ?? 0);
      if (!(body >= 0 && body <= MAX_BODY)) throw new RangeError('body too long');
      if (this.#pending.length < end + 4 + body) break;
      this.#pending = this.#pending.subarray(end + 4 + body);
      requests.push(request);
    }
    return requests;
  }
}

function parseHead(head: string): RtspRequest {
  const [first = '', ...lines] = head.split('\r\n');
  const match = /^([A-Z_]+) (\S+) RTSP\/1\.\d$/.exec(first.trim());
  if (!match) throw new RangeError('not an RTSP request');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method: match[1] as string, uri: match[2] as string, headers };
}

const REASONS: Record<number, string> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
};

export function formatResponse(
  status: number,
  cseq: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const lines = [`RTSP/1.0 ${status} ${REASONS[status] ?? 'Error'}`];
  if (cseq !== undefined) lines.push(`CSeq: ${cseq}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
