import type {
  Actor,
  LiftStore,
  MaintenanceStore,
  MaintenanceWindow,
  TimelineEntry,
  TimelineKind,
  TimelineStore,
} from '../../core/index.ts';
import type { Database } from '../database/open-database.ts';

export function createTimelineRepository(db: Database): TimelineStore {
  return {
    async put(entries) {
      // The last word of the batch on each: one statement must not touch a row twice.
      const latest = new Map(entries.map((e) => [`${e.liftId}\n${e.kind}\n${e.startedAt}`, e]));
      if (latest.size === 0) return;
      await db
        .insertInto('timeline')
        .values(
          [...latest.values()].map(({ liftId, kind, startedAt, endedAt, detail }) => ({
            lift_id: liftId,
            kind,
            started_at: startedAt,
            ended_at: endedAt ?? null,
            detail: JSON.stringify(detail),
          })),
        )
        .onConflict((conflict) =>
          conflict.columns(['lift_id', 'started_at', 'kind']).doUpdateSet((eb) => ({
            ended_at: eb.ref('excluded.ended_at'),
            detail: eb.ref('excluded.detail'),
          })),
        )
        .execute();
    },
    async list(liftId, from, until, limit) {
      const rows = await db
        .selectFrom('timeline')
        .selectAll()
        .where('lift_id', '=', liftId)
        .where('started_at', '>=', from)
        .where('started_at', '<', until)
        .orderBy('started_at')
        .orderBy('kind')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        liftId: row.lift_id,
        kind: row.kind as TimelineKind,
        startedAt: row.started_at,
        endedAt: row.ended_at ?? undefined,
        detail: JSON.parse(row.detail) as TimelineEntry['detail'],
      }));
    },
  };
}

export function createLiftRepository(db: Database): LiftStore {
  return {
    async lifts() {
      const rows = await db.selectFrom('lifts').selectAll().orderBy('id').execute();
      return rows.map(({ id, settings, changed_at }) => ({
        id,
        settings: JSON.parse(settings) as unknown,
        changedAt: changed_at,
      }));
    },
    async put({ id, settings, changedAt }) {
      const row = { settings: JSON.stringify(settings ?? null), changed_at: changedAt };
      await db
        .insertInto('lifts')
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    },
    async remove(id) {
      await db.deleteFrom('lifts').where('id', '=', id).execute();
    },
  };
}

export function createMaintenanceRepository(db: Database): MaintenanceStore {
  return {
    async windows(now) {
      const rows = await db
        .selectFrom('maintenance')
        .selectAll()
        .where('until_at', '>', now)
        .orderBy('from_at')
        .orderBy('id')
        .execute();
      return rows.map(
        (row): MaintenanceWindow => ({
          id: row.id,
          liftId: row.lift_id,
          from: row.from_at,
          until: row.until_at,
          by: JSON.parse(row.actor) as Actor,
          reason: row.reason,
        }),
      );
    },
    async put({ id, liftId, from, until, by, reason }) {
      const row = { lift_id: liftId, from_at: from, until_at: until, actor: JSON.stringify(by), reason };
      await db
        .insertInto('maintenance')
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    },
    async end(id, at) {
      await db
        .updateTable('maintenance')
        .set({ until_at: at })
        .where('id', '=', id)
        .where('until_at', '>', at)
        .execute();
    },
  };
}
