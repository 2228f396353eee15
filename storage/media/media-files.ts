import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { CabinwatchError, type MediaItem } from '../../core/index.ts';

const ENDINGS: Readonly<Record<string, string>> = Object.freeze({
  'image/jpeg': '.jpg',
  'video/mp4': '.mp4',
  'audio/ogg': '.ogg',
});
const PARTIAL = '.partial';
const HOUR_MS = 3_600_000;

/** The files of one folder, by kind and day: no folder grows without end, and a day can be found by hand. */
export class MediaFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path({ kind, takenAt, id, mime }: MediaItem): string {
    const day = new Date(takenAt).toISOString().slice(0, 10);
    return join(this.#folder, kind, day, `${id}${ENDINGS[mime] ?? ''}`);
  }

  /** On the disk when it resolves. */
  async write(item: MediaItem, content: Uint8Array): Promise<void> {
    const path = this.#path(item);
    const partial = `${path}${PARTIAL}`;
    await mkdir(dirname(path), { recursive: true });
    try {
      const file = await open(partial, 'w');
      try {
        await file.writeFile(content);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    forceFolder(path);
  }

  /** Moves a file here; on the disk when it resolves. */
  async adopt(item: MediaItem, from: string): Promise<void> {
    const path = this.#path(item);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(from, 'r');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(from, path);
    forceFolder(path);
  }

  async read(item: MediaItem): Promise<Uint8Array> {
    try {
      return await readFile(this.#path(item));
    } catch (cause) {
      throw gone(item, cause);
    }
  }

  /** @throws CabinwatchError MEDIA_UNAVAILABLE */
  async stream(item: MediaItem, first: number, last: number): Promise<Readable> {
    const file = await open(this.#path(item), 'r').catch((cause: unknown) => {
      throw gone(item, cause);
    });
    return file.createReadStream({ start: first, end: last });
  }

  async remove(item: MediaItem): Promise<void> {
    await rm(this.#path(item), { force: true });
  }

  /** Files that have lain for more than an hour, with the id each has by its name; `''` for one cut short. */
  async *old(now: number): AsyncGenerator<{ readonly path: string; readonly id: string }> {
    const folder = await opendir(this.#folder, { recursive: true }).catch(() => undefined);
    if (!folder) return;
    for await (const entry of folder) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const info = await stat(path).catch(() => undefined);
      if (!info || info.mtimeMs > now - HOUR_MS) continue;
      yield { path, id: path.endsWith(PARTIAL) ? '' : basename(path).replace(/\..*$/, '') };
    }
  }
}

/** A name is on the disk only when its folder is. */
function forceFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

const gone = (item: MediaItem, cause: unknown): CabinwatchError =>
  new CabinwatchError('MEDIA_UNAVAILABLE', `The ${item.kind} ${item.id} is not there any more.`, { cause });
