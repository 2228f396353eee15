import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import {
  type AuditHead,
  type AuditInput,
  CabinwatchError,
  type IncidentChange,
  type RecordedChange,
} from '../../core/index.ts';
import { chainEntry } from '../audit/chain.ts';
import type { Database } from '../database/open-database.ts';
import type { Tables } from '../database/tables.ts';
import type { Work } from './work.ts';

type ChangeWork = Extract<Work, { kind: 'change' }>;
type Numbered = ChangeWork & { readonly seq: number; readonly body: string };

const keyOf = ({ incident }: IncidentChange): string => `incident/${incident.id}/${incident.version}`;

export interface Committed {
  /** One a change, in the order given, whether it was there already or not. */
  readonly recorded: readonly RecordedChange[];
  /** Those that were not. */
  readonly fresh: readonly RecordedChange[];
}

/**
 * Writes works in one transaction, in their order: changes with their outbox rows and audit entries, other audit entries,
 * media. What is there already is left as it is.
 */
export function commitWorks(
  db: Database,
  works: readonly Work[],
  sinks: readonly string[],
): Promise<Committed> {
  return db.transaction().execute(async (trx) => {
    // Numbers are given in the order of commits, without a gap: whoever writes holds these rows until the commit.
    const heads = await trx.selectFrom('heads').selectAll().orderBy('name').forUpdate().execute();
    const head = (name: string): AuditHead => {
      const found = heads.find((row) => row.name === name);
      if (!found)
        throw new CabinwatchError('STORAGE_UNAVAILABLE', `The database has lost its head row "${name}".`);
      return { seq: found.seq, hash: found.hash };
    };
    const changes = works.filter((work) => work.kind === 'change');
    const known = await knownChanges(trx, changes);
    const fresh = numberChanges(changes, known, head('changes').seq);
    await writeChanges(trx, fresh, sinks);
    await extendChain(trx, head('audit'), auditOf(works, fresh));
    await writeMedia(trx, works);
    for (const { seq, change } of fresh) known.set(keyOf(change), seq);
    return {
      recorded: changes.map(({ change }) => ({ ...change, seq: known.get(keyOf(change)) ?? 0 })),
      fresh: fresh.map(({ change, seq }) => ({ ...change, seq })),
    };
  });
}

async function knownChanges(
  trx: Transaction<Tables>,
  works: readonly ChangeWork[],
): Promise<Map<string, number>> {
  if (works.length === 0) return new Map();
  const rows = await trx
    .selectFrom('changes')
    .select(['incident_id', 'version', 'seq'])
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('incident_id', 'version'),
        'in',
        works.map(({ change }) => tuple(change.incident.id, change.incident.version)),
      ),
    )
    .execute();
  return new Map(rows.map(({ incident_id, version, seq }) => [`incident/${incident_id}/${version}`, seq]));
}

function numberChanges(
  works: readonly ChangeWork[],
  known: ReadonlyMap<string, number>,
  last: number,
): Numbered[] {
  const seen = new Set(known.keys());
  const fresh: Numbered[] = [];
  for (const work of works) {
    const key = keyOf(work.change);
    if (seen.has(key)) continue;
    seen.add(key);
    fresh.push({ ...work, seq: last + fresh.length + 1, body: JSON.stringify(work.change) });
  }
  return fresh;
}

async function writeChanges(
  trx: Transaction<Tables>,
  fresh: readonly Numbered[],
  sinks: readonly string[],
): Promise<void> {
  const last = fresh.at(-1);
  if (!last) return;
  await trx
    .insertInto('changes')
    .values(
      fresh.map(({ seq, change: { incident }, body }) => ({
        seq,
        incident_id: incident.id,
        version: incident.version,
        lift_id: incident.liftId,
        body,
      })),
    )
    .execute();
  // Only the last word on each incident: one statement must not touch a row twice.
  const latest = new Map(fresh.map((numbered) => [numbered.change.incident.id, numbered]));
  await trx
    .insertInto('incidents')
    .values([...latest.values()].map(incidentRow))
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({
          seq: eb.ref('excluded.seq'),
          version: eb.ref('excluded.version'),
          phase: eb.ref('excluded.phase'),
          severity: eb.ref('excluded.severity'),
          started_at: eb.ref('excluded.started_at'),
          confirmed_at: eb.ref('excluded.confirmed_at'),
          acknowledged_at: eb.ref('excluded.acknowledged_at'),
          close_reason: eb.ref('excluded.close_reason'),
        }))
        .whereRef('excluded.version', '>', 'incidents.version'),
    )
    .execute();
  const messages = fresh.flatMap(({ change, message }) =>
    message === undefined
      ? []
      : sinks.map((sink) => ({
          sink,
          lift_id: change.incident.liftId,
          message: JSON.stringify(message),
          created_at: change.at,
          next_attempt_at: 0,
        })),
  );
  if (messages.length > 0) await trx.insertInto('outbox').values(messages).execute();
  await trx.updateTable('heads').set({ seq: last.seq }).where('name', '=', 'changes').execute();
}

function incidentRow({ seq, change: { incident } }: Numbered): Tables['incidents'] {
  return {
    id: incident.id,
    seq,
    version: incident.version,
    lift_id: incident.liftId,
    kind: incident.kind,
    phase: incident.phase,
    severity: incident.severity,
    started_at: incident.startedAt,
    confirmed_at: incident.confirmedAt ?? null,
    acknowledged_at: incident.acknowledgedAt ?? null,
    close_reason: incident.closeReason ?? null,
  };
}

interface KeyedEntry {
  readonly key: string;
  readonly entry: AuditInput;
}

function auditOf(works: readonly Work[], fresh: readonly Numbered[]): KeyedEntry[] {
  const numbered = new Map(fresh.map((one) => [one.change, one]));
  return works.flatMap((work) => {
    if (work.kind === 'audit') return [{ key: work.key, entry: work.entry }];
    const change = work.kind === 'change' ? numbered.get(work.change) : undefined;
    return change ? [{ key: keyOf(change.change), entry: changeEntry(change) }] : [];
  });
}

/** The hash of the whole change goes into the chain with what matters of it, so that editing the change is seen as well. */
function changeEntry({ change, body, seq }: Numbered): AuditInput {
  const { id, version, liftId, kind, phase, severity } = change.incident;
  return {
    at: change.at,
    actor: change.by,
    action: `incident.${change.change}`,
    subject: `incident/${id}`,
    data: { liftId, kind, phase, severity, version, change: seq, sha256: sha256(body) },
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function extendChain(
  trx: Transaction<Tables>,
  head: AuditHead,
  entries: readonly KeyedEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const keys = entries.map(({ key }) => key);
  const known = new Set(
    (await trx.selectFrom('audit').select('key').where('key', 'in', keys).execute()).map(({ key }) => key),
  );
  let last = head;
  const rows: Tables['audit'][] = [];
  for (const { key, entry } of entries) {
    if (known.has(key)) continue;
    known.add(key);
    const { seq, previous, hash, ...content } = chainEntry(last, entry);
    rows.push({ seq, key, previous, hash, body: JSON.stringify(content) });
    last = { seq, hash };
  }
  if (rows.length === 0) return;
  await trx.insertInto('audit').values(rows).execute();
  await trx
    .updateTable('heads')
    .set({ seq: last.seq, hash: last.hash })
    .where('name', '=', 'audit')
    .execute();
}

async function writeMedia(trx: Transaction<Tables>, works: readonly Work[]): Promise<void> {
  const rows = works.flatMap((work) =>
    work.kind === 'media'
      ? [
          {
            id: work.item.id,
            kind: work.item.kind,
            lift_id: work.item.liftId,
            incident_id: work.item.incidentId ?? null,
            taken_at: work.item.takenAt,
            mime: work.item.mime,
            bytes: work.item.bytes,
            recording: work.item.recording ? JSON.stringify(work.item.recording) : null,
          },
        ]
      : [],
  );
  if (rows.length === 0) return;
  await trx
    .insertInto('media')
    .values(rows)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
