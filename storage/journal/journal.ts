import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface JournalBatch {
  readonly lines: readonly string[];
  /** Where the next unread line begins, bytes. */
  readonly end: number;
}

const NEWLINE = 0x0a;
const CHUNK = 1 << 18;

/**
 * A file to which lines are appended and forced to the disk, read from the front, and emptied once all is read. A line that
 * a crash or a full disk cut short is not there: it was never acknowledged, and the next one takes its place.
 */
export class Journal {
  readonly #path: string;
  #file: FileHandle | undefined;
  /** Bytes that are whole lines and on the disk. */
  #size = 0;
  #lines = 0;
  #torn = true;

  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) this.#survey();
  }

  get size(): number {
    return this.#size;
  }

  /** Lines in it, read or not. */
  get lines(): number {
    return this.#lines;
  }

  /** Resolves when the lines are on the disk; throws what the file system says, and then none of them is. */
  async append(lines: readonly string[]): Promise<void> {
    const file = await this.#open();
    if (this.#torn) await file.truncate(this.#size);
    this.#torn = true;
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, this.#size + done);
      done += bytesWritten;
    }
    await file.datasync();
    this.#torn = false;
    this.#size += bytes.length;
    this.#lines += lines.length;
  }

  /** The lines from byte `from` on, about a quarter of a megabyte of them. */
  async read(from: number): Promise<JournalBatch> {
    const file = await this.#open();
    const left = this.#size - from;
    for (let length = CHUNK; ; length *= 2) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(length, left)), { position: from });
      const whole = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
      // A line longer than that is read again in a larger piece.
      if (whole === 0 && length < left) continue;
      return { lines: buffer.toString('utf8', 0, whole).split('\n').slice(0, -1), end: from + whole };
    }
  }

  /** Everything has been read and is kept elsewhere. */
  async clear(): Promise<void> {
    if (this.#size === 0) return;
    const file = await this.#open();
    await file.truncate(0);
    await file.datasync();
    this.#size = 0;
    this.#lines = 0;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #open(): Promise<FileHandle> {
    if (this.#file) return this.#file;
    const folder = dirname(this.#path);
    mkdirSync(folder, { recursive: true });
    // Not 'a': appending ignores the place that is written to.
    this.#file = await open(this.#path, existsSync(this.#path) ? 'r+' : 'w+');
    syncFolder(folder);
    return this.#file;
  }

  /** Counts what a former run has left, piece by piece: after days without a database it can be large. */
  #survey(): void {
    const file = openSync(this.#path, 'r');
    const piece = Buffer.alloc(CHUNK);
    for (let at = 0, read = 0; ; at += read) {
      read = readSync(file, piece, 0, CHUNK, at);
      if (read === 0) break;
      for (let i = piece.indexOf(NEWLINE); i >= 0 && i < read; i = piece.indexOf(NEWLINE, i + 1)) {
        this.#lines += 1;
        this.#size = at + i + 1;
      }
    }
    closeSync(file);
  }
}

/** A new file's name is on the disk only when its folder is. */
function syncFolder(folder: string): void {
  const entry = openSync(folder, 'r');
  fsyncSync(entry);
  closeSync(entry);
}
