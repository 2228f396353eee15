import type { Selectable } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { AuditEntry, AuditHead, AuditInput, AuditLog } from '../../core/index.ts';
import { GENESIS } from '../audit/chain.ts';
import type { Database } from '../database/open-database.ts';
import type { Tables } from '../database/tables.ts';
import { sha256 } from '../journal/commit-works.ts';
import type { RecordWriter } from '../journal/record-writer.ts';

export function createAuditRepository(db: Database, writer: Pick<RecordWriter, 'submit'>): AuditLog {
  return {
    async append(entry) {
      await writer.submit([{ kind: 'audit', key: uuidv7(), entry }]);
    },
    head: () => auditHead(db),
    entries: (after, limit) => auditEntries(db, after, limit),
  };
}

/** Reading is apart from writing, so that a log can be checked without a service around it. */
export async function auditHead(db: Database): Promise<AuditHead> {
  const row = await db
    .selectFrom('heads')
    .select(['seq', 'hash'])
    .where('name', '=', 'audit')
    .executeTakeFirst();
  return row ?? { seq: 0, hash: GENESIS };
}

export async function auditEntries(db: Database, after: number, limit: number): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(entryOf);
}

/** SHA-256 of changes as they stand now, by their numbers; those that are gone are left out. */
export async function changeHashes(db: Database, seqs: readonly number[]): Promise<Map<number, string>> {
  if (seqs.length === 0) return new Map();
  const rows = await db
    .selectFrom('changes')
    .select(['seq', 'body'])
    .where('seq', 'in', [...seqs])
    .execute();
  return new Map(rows.map(({ seq, body }) => [seq, sha256(body)]));
}

/** A body that is no JSON any more is an edit like any other: it is shown as what it is, and fails its hash. */
function entryOf({ seq, previous, hash, body }: Selectable<Tables['audit']>): AuditEntry {
  let content: AuditInput;
  try {
    content = JSON.parse(body) as AuditInput;
  } catch {
    content = { data: body } as AuditInput;
  }
  return { ...content, seq, previous, hash };
}
