import { TsReader } from './ts-reader.ts';

export interface ClipRingOptions {
  /** How far back the ring reaches, ms. */
  readonly keepMs: number;
  /** Memory it takes at most, bytes; it then reaches less far back. */
  readonly maxBytes: number;
}

export interface RingPart {
  /** Whole transport-stream packets. */
  readonly bytes: Buffer;
  readonly at: number;
}

/** A key frame and what follows it up to the next. */
interface Group {
  readonly connection: number;
  readonly startedAt: number;
  /** The tables in force when it began. */
  readonly header: Buffer;
  readonly parts: RingPart[];
  bytes: number;
  pictures: number;
}

export interface LivePart extends RingPart {
  readonly connection: number;
  /** Whether it begins with a key frame. */
  readonly key: boolean;
  /** The tables now in force. */
  readonly header: Buffer;
}

export type RingListener = (part: LivePart) => void;

/** Part of the past, playable from its first byte. */
export interface RingCut {
  readonly connection: number;
  readonly startedAt: number;
  /** Pictures since the last key frame, that one included. */
  readonly picturesAtEnd: number;
  readonly parts: readonly RingPart[];
}

/** Pictures come some time apart: the last one is still the current one for so long, ms. */
const CURRENT_MS = 2000;

/**
 * The last seconds of a camera as it sent them: an MPEG transport stream kept in memory, in groups that begin with
 * a key frame, bounded in time and in bytes. Nothing is decoded and nothing is written to disk until a clip is asked
 * for. Times are given, in ms.
 */
export class ClipRing {
  readonly #options: ClipRingOptions;
  readonly #groups: Group[] = [];
  readonly #listeners = new Set<RingListener>();
  #bytes = 0;
  #connection = 0;
  #reader: TsReader;
  #now = 0;
  #pictures = 0;
  #pendingKey = false;
  #begins = false;
  #collecting = false;

  constructor(options: ClipRingOptions) {
    this.#options = options;
    this.#reader = this.#newReader();
  }

  /** Pictures seen so far, over all connections. */
  get pictures(): number {
    return this.#pictures;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Where the ring begins; undefined while it is empty. */
  get reachesBackTo(): number | undefined {
    return this.#groups[0]?.startedAt;
  }

  get lastAt(): number | undefined {
    return this.#groups.at(-1)?.parts.at(-1)?.at;
  }

  /** What follows belongs to a new connection: its times and parameters have nothing to do with those before. */
  newConnection(): void {
    this.#connection++;
    this.#reader = this.#newReader();
    this.#collecting = false;
    this.#pendingKey = false;
  }

  push(chunk: Buffer, at: number): void {
    this.#now = at;
    this.#reader.push(chunk);
    this.#trim(at);
  }

  /** Lets go of what is too old, also while nothing new comes. */
  expire(now: number): void {
    while (this.#groups.length > 0) {
      const last = this.#groups[0]?.parts.at(-1)?.at ?? 0;
      if (now - last <= this.#options.keepMs) return;
      this.#dropOldest();
    }
  }

  clear(): void {
    this.#groups.length = 0;
    this.#bytes = 0;
    this.#collecting = false;
  }

  /**
   * What was sent from `from` on (from the key frame before it) up to `to`, of the newest connection that has any.
   * Undefined when there is nothing of that time.
   */
  cut(from: number, to: number): RingCut | undefined {
    const within = this.#groups.filter((g) => g.startedAt <= to);
    const connection = within.at(-1)?.connection;
    const groups = within.filter((g) => g.connection === connection);
    const after = groups.findIndex((g) => g.startedAt > from);
    const first = after < 0 ? groups.length - 1 : Math.max(0, after - 1);
    const chosen = groups.slice(first);
    const [start] = chosen;
    const end = chosen.at(-1);
    if (!start || !end || (end.parts.at(-1)?.at ?? 0) < from - CURRENT_MS) return undefined;
    const parts = chosen.flatMap((g) => g.parts).filter((p) => p.at <= to);
    return {
      connection: start.connection,
      startedAt: start.startedAt,
      picturesAtEnd: end.pictures,
      parts: [{ bytes: start.header, at: start.startedAt }, ...parts],
    };
  }

  /** Hears every part from now on. Returns the function that ends it. */
  follow(listener: RingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #newReader(): TsReader {
    return new TsReader({
      picture: (key) => {
        this.#pictures++;
        this.#begins = true;
        if (key) this.#pendingKey = true;
      },
      packets: (bytes) => this.#add(bytes),
    });
  }

  #add(bytes: Buffer): void {
    const key = this.#pendingKey;
    this.#pendingKey = false;
    if (key) {
      this.#collecting = true;
      const header = this.#reader.header;
      this.#bytes += header.length;
      this.#groups.push({
        connection: this.#connection,
        startedAt: this.#now,
        header,
        parts: [],
        bytes: header.length,
        pictures: 0,
      });
    }
    const group = this.#groups.at(-1);
    const part = { bytes, at: this.#now };
    if (this.#collecting && group) {
      group.parts.push(part);
      group.bytes += bytes.length;
      if (this.#begins) group.pictures++;
      this.#bytes += bytes.length;
    }
    this.#begins = false;
    if (this.#listeners.size === 0) return;
    const live = { ...part, connection: this.#connection, key, header: this.#reader.header };
    for (const listener of [...this.#listeners]) listener(live);
  }

  #trim(now: number): void {
    while (this.#groups.length > 1) {
      // The second group's start is how far back the ring would still reach without the first.
      const enough = now - (this.#groups[1]?.startedAt ?? now) >= this.#options.keepMs;
      if (!enough && this.#bytes <= this.#options.maxBytes) return;
      this.#dropOldest();
    }
    // One group alone that is too large: without key frames there is nothing to cut at.
    if (this.#bytes > this.#options.maxBytes) this.clear();
  }

  #dropOldest(): void {
    this.#bytes -= this.#groups.shift()?.bytes ?? 0;
    if (this.#groups.length === 0) this.#collecting = false;
  }
}
