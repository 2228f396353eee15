import type { Actor, CallHistory, CallLink, CallLinkStore, CallRecord } from '../../core/index.ts';
import type { Database } from '../database/open-database.ts';
import type { Tables } from '../database/tables.ts';

export function createCallRepository(db: Database): CallHistory {
  return {
    async put(record) {
      const row = {
        lift_id: record.liftId,
        incident_id: record.incidentId ?? null,
        started_at: record.steps[0]?.at ?? 0,
        ended: record.state === 'ended',
        body: JSON.stringify(record),
      };
      await db
        .insertInto('calls')
        .values({ id: record.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
    },
    async open() {
      const rows = await db
        .selectFrom('calls')
        .select('body')
        .where('ended', '=', false)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(recordOf);
    },
    async ofIncident(incidentId) {
      const rows = await db
        .selectFrom('calls')
        .select('body')
        .where('incident_id', '=', incidentId)
        .orderBy('started_at')
        .orderBy('id')
        .execute();
      return rows.map(recordOf);
    },
  };
}

export function createCallLinkRepository(db: Database): CallLinkStore {
  return {
    async put({ id, liftId, name, by, createdAt, expiresAt }) {
      await db
        .insertInto('call_links')
        .values({
          id,
          lift_id: liftId,
          name,
          actor: JSON.stringify(by),
          created_at: createdAt,
          expires_at: expiresAt,
          revoked_at: null,
        })
        .execute();
    },
    async link(id) {
      const row = await db.selectFrom('call_links').selectAll().where('id', '=', id).executeTakeFirst();
      return row && linkOf(row);
    },
    async ofLift(liftId, now) {
      const rows = await db
        .selectFrom('call_links')
        .selectAll()
        .where('lift_id', '=', liftId)
        .where('expires_at', '>', now)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(linkOf);
    },
    async revoke(id, at) {
      await db
        .updateTable('call_links')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .execute();
    },
  };
}

/** JSON leaves out what is undefined. */
function recordOf({ body }: { readonly body: string }): CallRecord {
  const record = JSON.parse(body) as Partial<CallRecord>;
  return { ...record, incidentId: record.incidentId, endReason: record.endReason } as CallRecord;
}

const linkOf = (row: Tables['call_links']): CallLink => ({
  id: row.id,
  liftId: row.lift_id,
  name: row.name,
  by: JSON.parse(row.actor) as Actor,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at ?? undefined,
});
