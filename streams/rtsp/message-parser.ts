export interface RtspResponse {
  readonly status: number;
  readonly reason: string;
  /** Names in lower case; a header may come several times. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

export interface RtspSink {
  response(response: RtspResponse): void;
  /** A packet in between, as RTP over TCP sends them (RFC 2326 §10.12); `packet` is only valid during the call. */
  interleaved(channel: number, packet: Buffer): void;
}

const MAX_MESSAGE = 256 * 1024;
const DOLLAR = 0x24;

/** Cuts what an RTSP server sends into responses and interleaved packets. Pure: bytes in, calls out. */
export class RtspMessageParser {
  readonly #sink: RtspSink;
  #rest: Buffer = Buffer.alloc(0);

  constructor(sink: RtspSink) {
    this.#sink = sink;
  }

  /** @throws Error for what is no RTSP */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let used = this.#take();
    while (used > 0) {
      this.#rest = this.#rest.subarray(used);
      used = this.#take();
    }
    if (this.#rest.length > MAX_MESSAGE) throw new Error('the answer is longer than any RTSP answer');
  }

  /** @returns the bytes of the first complete message, 0 if there is none yet */
  #take(): number {
    const data = this.#rest;
    if (data.length < 4) return 0;
    if (data[0] === DOLLAR) {
      const end = 4 + data.readUInt16BE(2);
      if (data.length < end) return 0;
      this.#sink.interleaved(data[1] ?? 0, data.subarray(4, end));
      return end;
    }
    if (data.toString('latin1', 0, 4) !== 'RTSP') throw new Error('the answer is not RTSP');
    const headEnd = data.indexOf('\r\n\r\n');
    if (headEnd < 0) return 0;
    const [first = '', ...lines] = data.toString('utf8', 0, headEnd).split('\r\n');
    const headers: Record<string, string[]> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
      headers[name] = [...(headers[name] ?? []), line.slice(colon + 1).trim()];
    }
    const length = Number(headers['content-length']?.[0] ?? 0) || 0;
    const end = headEnd + 4 + length;
    if (data.length < end) return 0;
    const [, status = '0', reason = ''] = /^RTSP\/\d\.\d (\d{3}) ?(.*)$/.exec(first) ?? [];
    const body = data.toString('utf8', headEnd + 4, end);
    this.#sink.response({ status: Number(status), reason, headers, body });
    return end;
  }
}
