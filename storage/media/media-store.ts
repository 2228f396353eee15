import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import {
  CabinwatchError,
  type Logger,
  type MediaItem,
  type MediaKind,
  type MediaStore,
  type MediaSwept,
  type RecordingDetail,
  type RecordingFilter,
} from '../../core/index.ts';
import type { Database } from '../database/open-database.ts';
import type { Tables } from '../database/tables.ts';
import type { RecordWriter } from '../journal/record-writer.ts';
import type { RetentionOptions } from '../options.ts';
import { MediaFiles } from './media-files.ts';

export interface MediaStoreDeps {
  readonly db: Database;
  readonly writer: Pick<RecordWriter, 'submit' | 'health'>;
  readonly folder: string;
  readonly retention: RetentionOptions;
  readonly logger: Logger;
}

const DAY_MS = 86_400_000;
const BATCH = 100;
/** What is freed at once when the disk is full, so that not every picture has to begin by making room. */
const ROOM_FACTOR = 4;

/** Whether nobody needs it any more for an incident that is going on. An incident not known yet counts as going on. */
const ofNoOpenIncident = (eb: ExpressionBuilder<Tables, 'media'>) =>
  eb.or([
    eb('incident_id', 'is', null),
    eb.exists(
      eb
        .selectFrom('incidents')
        .select(sql`1`.as('one'))
        .whereRef('incidents.id', '=', 'media.incident_id')
        .where('incidents.phase', '=', 'closed'),
    ),
  ]);

export class FileMediaStore implements MediaStore {
  readonly #deps: MediaStoreDeps;
  readonly #files: MediaFiles;
  #removedEarly = 0;

  constructor(deps: MediaStoreDeps) {
    this.#deps = deps;
    this.#files = new MediaFiles(deps.folder);
  }

  /** Removed before their time for want of room, since the start. */
  get removedEarly(): number {
    return this.#removedEarly;
  }

  async save(item: Omit<MediaItem, 'id' | 'bytes'>, content: Uint8Array): Promise<MediaItem> {
    const saved: MediaItem = { ...item, id: uuidv7(), bytes: content.byteLength };
    try {
      await this.#files.write(saved, content);
    } catch (error) {
      if (!isFull(error) || (await this.#makeRoom(content.byteLength * ROOM_FACTOR)) === 0)
        throw noRoom(error);
      await this.#files.write(saved, content).catch((again) => {
        throw noRoom(again);
      });
    }
    await this.#deps.writer.submit([{ kind: 'media', item: saved }]);
    return saved;
  }

  async adopt(item: Omit<MediaItem, 'id' | 'bytes'>, path: string): Promise<MediaItem> {
    const saved: MediaItem = { ...item, id: uuidv7(), bytes: (await stat(path)).size };
    await this.#files.adopt(saved, path).catch((error) => {
      throw noRoom(error);
    });
    await this.#deps.writer.submit([{ kind: 'media', item: saved }]);
    return saved;
  }

  async list(incidentId: string): Promise<MediaItem[]> {
    const rows = await this.#deps.db
      .selectFrom('media')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .orderBy('taken_at')
      .orderBy('id')
      .execute();
    return rows.map(itemOf);
  }

  async recordings({ liftIds, before, limit }: RecordingFilter): Promise<MediaItem[]> {
    if (liftIds?.length === 0) return [];
    let query = this.#deps.db.selectFrom('media').selectAll().where('kind', '=', 'recording');
    if (liftIds) query = query.where('lift_id', 'in', liftIds);
    if (before !== undefined) query = query.where('taken_at', '<', before);
    const rows = await query.orderBy('taken_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(itemOf);
  }

  async item(id: string): Promise<MediaItem | undefined> {
    const row = await this.#deps.db.selectFrom('media').selectAll().where('id', '=', id).executeTakeFirst();
    return row && itemOf(row);
  }

  async read(id: string): Promise<Uint8Array> {
    const item = await this.item(id);
    if (!item) throw new CabinwatchError('MEDIA_UNAVAILABLE', `There is no snapshot or clip ${id}.`);
    return this.#files.read(item);
  }

  async stream(id: string, first: number, last: number): Promise<Readable> {
    const item = await this.item(id);
    if (!item) throw new CabinwatchError('MEDIA_UNAVAILABLE', `There is no file ${id}.`);
    return this.#files.stream(item, first, last);
  }

  async sweep(now: number): Promise<MediaSwept> {
    const { snapshotDays, clipDays, recordingDays, maxGigabytes } = this.#deps.retention;
    let expired = 0;
    for (const [kind, days] of [
      ['snapshot', snapshotDays],
      ['clip', clipDays],
      ['recording', recordingDays],
    ] as const satisfies readonly (readonly [MediaKind, number])[]) {
      for (let removed = -1; removed !== 0; expired += removed) {
        removed = (await this.#remove(await this.#expired(kind, now - days * DAY_MS))).count;
      }
    }
    const early = await this.#makeRoom((await this.#bytes()) - maxGigabytes * 1e9);
    await this.#removeStrays(now);
    return { expired, early };
  }

  /** Removes the oldest that no open incident needs until that many bytes are free; how many were removed. */
  async #makeRoom(bytes: number): Promise<number> {
    let [freed, count] = [0, 0];
    while (freed < bytes) {
      const oldest = await this.#removable().orderBy('taken_at').limit(BATCH).execute();
      const enough = oldest.findIndex((_, i) => sum(oldest.slice(0, i + 1)) >= bytes - freed);
      const removed = await this.#remove(enough < 0 ? oldest : oldest.slice(0, enough + 1));
      if (removed.count === 0) break;
      freed += removed.bytes;
      count += removed.count;
    }
    if (count > 0) {
      this.#removedEarly += count;
      this.#deps.logger.warn(
        { count, bytes: freed },
        'media were removed before their time for want of room',
      );
    }
    return count;
  }

  #removable() {
    return this.#deps.db.selectFrom('media').selectAll().where(ofNoOpenIncident);
  }

  #expired(kind: MediaKind, before: number) {
    return this.#removable()
      .where('kind', '=', kind)
      .where('taken_at', '<', before)
      .orderBy('taken_at')
      .limit(BATCH)
      .execute();
  }

  /** The file first: a row without its file is removed the next time, a file without its row would be forgotten. */
  async #remove(rows: readonly Selectable<Tables['media']>[]): Promise<{ count: number; bytes: number }> {
    if (rows.length === 0) return { count: 0, bytes: 0 };
    for (const row of rows) await this.#files.remove(itemOf(row));
    const ids = rows.map(({ id }) => id);
    await this.#deps.db.deleteFrom('media').where('id', 'in', ids).execute();
    return { count: rows.length, bytes: sum(rows) };
  }

  async #bytes(): Promise<number> {
    const row = await this.#deps.db
      .selectFrom('media')
      .select(sql<number>`coalesce(sum(bytes), 0)::float8`.as('bytes'))
      .executeTakeFirst();
    return row?.bytes ?? 0;
  }

  /** What a crash has left between file and row. Not while rows wait in the journal: those files only look forgotten. */
  async #removeStrays(now: number): Promise<void> {
    if (this.#deps.writer.health().state !== 'ok') return;
    for await (const { path, id } of this.#files.old(now)) {
      if (id === '' || !(await this.item(id))) await rm(path, { force: true });
    }
  }
}

const sum = (rows: readonly { readonly bytes: number }[]): number =>
  rows.reduce((total, { bytes }) => total + bytes, 0);

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

function noRoom(cause: unknown): CabinwatchError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new CabinwatchError('STORAGE_UNAVAILABLE', `It could not be kept: ${detail}`, { cause });
}

const itemOf = (row: Selectable<Tables['media']>): MediaItem => ({
  id: row.id,
  kind: row.kind as MediaKind,
  liftId: row.lift_id,
  incidentId: row.incident_id ?? undefined,
  takenAt: row.taken_at,
  mime: row.mime,
  bytes: row.bytes,
  ...(row.recording !== null && { recording: JSON.parse(row.recording) as RecordingDetail }),
});
