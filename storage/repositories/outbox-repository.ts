import { type Selectable, sql } from 'kysely';
import type { AlarmMessage, DeadLetter, Logger, OutboxItem, OutboxStore } from '../../core/index.ts';
import type { Database } from '../database/open-database.ts';
import { openRecords, type RecordsWhere } from '../database/open-records.ts';
import type { Tables } from '../database/tables.ts';

export function createOutboxRepository(db: Database): OutboxStore {
  return {
    async due(sink, now, limit) {
      // Only the first of each lift: the next is not even looked at before it has gone or is buried.
      const { rows } = await sql<Selectable<Tables['outbox']>>`
        select * from (
          select distinct on (lift_id) * from outbox
          where sink = ${sink} and dead_at is null order by lift_id, id
        ) as first
        where next_attempt_at <= ${now} order by id limit ${limit}`.execute(db);
      return rows.map(itemOf);
    },

    async delivered(id) {
      await db.deleteFrom('outbox').where('id', '=', id).execute();
    },

    async failed(id, _at, error, nextAttemptAt) {
      await db
        .updateTable('outbox')
        .set((eb) => ({ attempts: eb('attempts', '+', 1), error, next_attempt_at: nextAttemptAt }))
        .where('id', '=', id)
        .execute();
    },

    async bury(id, at, error) {
      await db
        .updateTable('outbox')
        .set((eb) => ({ attempts: eb('attempts', '+', 1), error, dead_at: at }))
        .where('id', '=', id)
        .execute();
    },

    async deadLetters(limit) {
      const rows = await db
        .selectFrom('outbox')
        .selectAll()
        .where('dead_at', 'is not', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(
        (row): DeadLetter => ({ ...itemOf(row), failedAt: row.dead_at ?? 0, error: row.error ?? '' }),
      );
    },

    async replay(ids, at) {
      if (ids !== 'all' && ids.length === 0) return 0;
      let query = db
        .updateTable('outbox')
        .set({ dead_at: null, attempts: 0, created_at: at, next_attempt_at: at })
        .where('dead_at', 'is not', null);
      if (ids !== 'all') query = query.where('id', 'in', [...ids]);
      const { numUpdatedRows } = await query.executeTakeFirst();
      return Number(numUpdatedRows);
    },

    async backlog() {
      const { rows } = await sql<{ sink: string; waiting: number; oldest: number | null; dead: number }>`
        select sink, count(*) filter (where dead_at is null)::float8 as waiting,
          min(created_at) filter (where dead_at is null) as oldest,
          count(*) filter (where dead_at is not null)::float8 as dead
        from outbox group by sink order by sink`.execute(db);
      return rows.map(({ sink, waiting, oldest, dead }) => ({
        sink,
        waiting,
        oldestAt: oldest ?? undefined,
        dead,
      }));
    },
  };
}

/**
 * The outbox alone, for commands.
 * @throws CabinwatchError INPUT_NOT_FOUND where there is no database; CONFLICT while a service has the data folder
 */
export async function openOutbox(
  where: RecordsWhere,
  logger: Logger,
): Promise<OutboxStore & { close(): Promise<void> }> {
  const { db, close } = await openRecords(where, logger);
  return { ...createOutboxRepository(db), close };
}

const itemOf = (row: Selectable<Tables['outbox']>): OutboxItem => ({
  id: row.id,
  sink: row.sink,
  liftId: row.lift_id,
  message: JSON.parse(row.message) as AlarmMessage,
  attempts: row.attempts,
  createdAt: row.created_at,
});
