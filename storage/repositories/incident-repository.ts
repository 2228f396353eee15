import { type Selectable, sql } from 'kysely';
import {
  type AlarmMessage,
  CabinwatchError,
  type Incident,
  type IncidentChange,
  type IncidentFilter,
  type IncidentStatistics,
  type IncidentStore,
  type Page,
  type RecordedChange,
} from '../../core/index.ts';
import type { Database } from '../database/open-database.ts';
import type { Tables } from '../database/tables.ts';
import type { RecordWriter } from '../journal/record-writer.ts';

export interface IncidentRepositoryDeps {
  readonly db: Database;
  readonly writer: Pick<RecordWriter, 'submit'>;
}

export function createIncidentRepository({ db, writer }: IncidentRepositoryDeps): IncidentStore {
  const withChange = () =>
    db.selectFrom('incidents').innerJoin('changes', 'changes.seq', 'incidents.seq').select('changes.body');

  return {
    async record(
      changes: readonly IncidentChange[],
      message: (change: IncidentChange) => AlarmMessage | undefined,
    ): Promise<RecordedChange[]> {
      const recorded = await writer.submit(
        changes.map((change) => ({ kind: 'change', change, message: message(change) })),
      );
      return recorded.filter((change) => change !== undefined);
    },

    async incident(id) {
      const row = await withChange().where('incidents.id', '=', id).executeTakeFirst();
      return row && incidentOf(row);
    },

    async open() {
      const rows = await withChange()
        .where('incidents.phase', '<>', 'closed')
        .orderBy('incidents.started_at')
        .orderBy('incidents.id')
        .execute();
      return rows.map(incidentOf);
    },

    async list(filter: IncidentFilter): Promise<Page<Incident>> {
      let query = withChange().select(['incidents.started_at', 'incidents.id']);
      const { liftIds, kinds, phases, severities, from, until, cursor, limit } = filter;
      for (const [column, values] of [
        ['incidents.lift_id', liftIds],
        ['incidents.kind', kinds],
        ['incidents.phase', phases],
        ['incidents.severity', severities],
      ] as const) {
        if (values) query = query.where(column, 'in', values.length > 0 ? [...values] : [null as never]);
      }
      if (from !== undefined) query = query.where('incidents.started_at', '>=', from);
      if (until !== undefined) query = query.where('incidents.started_at', '<', until);
      if (cursor !== undefined) {
        const after = readCursor(cursor);
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('incidents.started_at', 'incidents.id'), '<', tuple(after.startedAt, after.id)),
        );
      }
      const rows = await query
        .orderBy('incidents.started_at', 'desc')
        .orderBy('incidents.id', 'desc')
        .limit(limit + 1)
        .execute();
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map(incidentOf),
        cursor: last && writeCursor({ startedAt: last.started_at, id: last.id }),
      };
    },

    async changesOf(incidentId) {
      const rows = await db
        .selectFrom('changes')
        .select(['seq', 'body'])
        .where('incident_id', '=', incidentId)
        .orderBy('version')
        .execute();
      return rows.map(recordedOf);
    },

    async changesSince(seq, limit) {
      const rows = await db
        .selectFrom('changes')
        .select(['seq', 'body'])
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(recordedOf);
    },

    async lastSeq() {
      const row = await db.selectFrom('heads').select('seq').where('name', '=', 'changes').executeTakeFirst();
      return row?.seq ?? 0;
    },

    statistics: (from, until, timeZone) => statistics(db, from, until, timeZone),
  };
}

const changeOf = ({ body }: { readonly body: string }): IncidentChange => JSON.parse(body) as IncidentChange;
const incidentOf = (row: { readonly body: string }): Incident => changeOf(row).incident;
const recordedOf = (row: Pick<Selectable<Tables['changes']>, 'seq' | 'body'>): RecordedChange => ({
  ...changeOf(row),
  seq: row.seq,
});

interface Place {
  readonly startedAt: number;
  readonly id: string;
}

const writeCursor = ({ startedAt, id }: Place): string =>
  Buffer.from(JSON.stringify([startedAt, id])).toString('base64url');

function readCursor(cursor: string): Place {
  try {
    const [startedAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof startedAt === 'number' && typeof id === 'string') return { startedAt, id };
  } catch {
    // Said below.
  }
  throw new CabinwatchError('INPUT_INVALID', 'The cursor is not one that this list has given out.');
}

interface StatisticsRow {
  readonly day: string;
  readonly lift_id: string;
  readonly kind: IncidentStatistics['kind'];
  readonly count: number;
  readonly false_alarms: number;
  readonly confirm: (number | null)[] | null;
  readonly acknowledge: (number | null)[] | null;
}

async function statistics(
  db: Database,
  from: number,
  until: number,
  timeZone: string,
): Promise<IncidentStatistics[]> {
  const quantiles = (difference: string) =>
    sql.raw(`percentile_cont(array[0.5, 0.95]) within group (order by ${difference})`);
  const { rows } = await sql<StatisticsRow>`
    select to_char(to_timestamp(started_at / 1000) at time zone ${timeZone}, 'YYYY-MM-DD') as day, lift_id, kind,
      count(*)::float8 as count,
      count(*) filter (where close_reason = 'false-alarm')::float8 as false_alarms,
      ${quantiles('confirmed_at - started_at')} as confirm,
      ${quantiles('acknowledged_at - confirmed_at')} as acknowledge
    from incidents
    where started_at >= ${from} and started_at < ${until}
    group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows.map((row) => ({
    day: row.day,
    liftId: row.lift_id,
    kind: row.kind,
    count: row.count,
    falseAlarms: row.false_alarms,
    confirmMs: pair(row.confirm),
    acknowledgeMs: pair(row.acknowledge),
  }));
}

function pair(quantiles: (number | null)[] | null): { p50: number; p95: number } | undefined {
  const [p50, p95] = quantiles ?? [];
  return typeof p50 === 'number' && typeof p95 === 'number' ? { p50, p95 } : undefined;
}
