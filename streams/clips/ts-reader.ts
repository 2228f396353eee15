const PACKET = 188;
const SYNC = 0x47;
/** Stream types of ISO/IEC 13818-1 that are video: MPEG-1/2, MPEG-4, H.264, H.265. */
const VIDEO_TYPES: ReadonlySet<number> = new Set([0x01, 0x02, 0x10, 0x1b, 0x24]);

export interface TsSink {
  /** Whole packets, in order; a view of what was pushed, or of a copy where a packet was torn. */
  packets(bytes: Buffer): void;
  /** The next packet begins a picture. Called before the packets that hold it are given out. */
  picture(key: boolean): void;
}

/**
 * Finds the pictures and key frames in an MPEG transport stream (ISO/IEC 13818-1) by its packet headers alone.
 * Bytes may come in any portions; what is no packet is skipped until packets come again.
 */
export class TsReader {
  readonly #sink: TsSink;
  #torn: Buffer = Buffer.alloc(0);
  #pmtPid = -1;
  #videoPid = -1;
  #pat: Buffer | undefined;
  #pmt: Buffer | undefined;

  constructor(sink: TsSink) {
    this.#sink = sink;
  }

  /** The tables a decoder needs before it can make anything of packets; empty before they have come. */
  get header(): Buffer {
    return this.#pat && this.#pmt ? Buffer.concat([this.#pat, this.#pmt]) : Buffer.alloc(0);
  }

  push(chunk: Buffer): void {
    let from = 0;
    if (this.#torn.length > 0) {
      const missing = PACKET - this.#torn.length;
      if (chunk.length < missing) {
        this.#torn = Buffer.concat([this.#torn, chunk]);
        return;
      }
      this.#read(Buffer.concat([this.#torn, chunk.subarray(0, missing)]));
      from = missing;
    }
    const rest = chunk.subarray(from);
    const used = this.#read(rest);
    this.#torn = Buffer.from(rest.subarray(used));
  }

  /** @returns bytes dealt with; fewer than a packet are left */
  #read(data: Buffer): number {
    let at = 0;
    let begin = 0;
    const flush = (): void => {
      if (at > begin) this.#sink.packets(data.subarray(begin, at));
      begin = at;
    };
    while (at + PACKET <= data.length) {
      if (data[at] !== SYNC) {
        flush();
        const next = data.indexOf(SYNC, at + 1);
        at = next < 0 ? data.length : next;
        begin = at;
        continue;
      }
      const pid = data.readUInt16BE(at + 1) & 0x1fff;
      const starts = ((data[at + 1] ?? 0) & 0x40) !== 0;
      if (starts && pid === this.#videoPid) {
        flush();
        this.#sink.picture(isRandomAccess(data, at));
      } else if (starts && pid === 0) {
        this.#readPat(data.subarray(at, at + PACKET));
      } else if (starts && pid === this.#pmtPid) {
        this.#readPmt(data.subarray(at, at + PACKET));
      }
      at += PACKET;
    }
    flush();
    return at;
  }

  #readPat(packet: Buffer): void {
    const table = section(packet);
    if (table?.[0] !== 0x00) return;
    this.#pat = Buffer.from(packet);
    for (let at = 8; at + 4 <= sectionEnd(table); at += 4) {
      if (table.readUInt16BE(at) !== 0) this.#pmtPid = table.readUInt16BE(at + 2) & 0x1fff;
    }
  }

  #readPmt(packet: Buffer): void {
    const table = section(packet);
    if (table?.[0] !== 0x02) return;
    this.#pmt = Buffer.from(packet);
    let at = 12 + (table.readUInt16BE(10) & 0x0fff);
    while (at + 5 <= sectionEnd(table)) {
      if (VIDEO_TYPES.has(table[at] ?? 0)) {
        this.#videoPid = table.readUInt16BE(at + 1) & 0x1fff;
        return;
      }
      at += 5 + (table.readUInt16BE(at + 3) & 0x0fff);
    }
  }
}

/** The random-access indicator of the adaptation field, which muxers set on key frames. */
function isRandomAccess(data: Buffer, at: number): boolean {
  const hasAdaptation = ((data[at + 3] ?? 0) & 0x20) !== 0;
  return hasAdaptation && (data[at + 4] ?? 0) > 0 && ((data[at + 5] ?? 0) & 0x40) !== 0;
}

/** The table a packet begins with, undefined when it holds none or is too short for one. */
function section(packet: Buffer): Buffer | undefined {
  const hasAdaptation = ((packet[3] ?? 0) & 0x20) !== 0;
  const payload = 4 + (hasAdaptation ? 1 + (packet[4] ?? 0) : 0);
  const start = payload + 1 + (packet[payload] ?? 0);
  return start + 16 <= packet.length ? packet.subarray(start) : undefined;
}

/** Where the table's entries end: before its checksum. */
function sectionEnd(table: Buffer): number {
  return Math.min(table.length, 3 + (table.readUInt16BE(1) & 0x0fff) - 4);
}
