import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditHead, CabinwatchError, type Logger } from '../../core/index.ts';
import { lockFolder } from '../database/folder-lock.ts';
import { openDatabase } from '../database/open-database.ts';
import { auditEntries, auditHead, changeHashes } from '../repositories/audit-repository.ts';
import type { AuditSource } from './verify-audit.ts';

export interface OpenAudit extends Required<AuditSource> {
  head(): Promise<AuditHead>;
  /** Incident changes there are. */
  changes(): Promise<number>;
  close(): Promise<void>;
}

/**
 * The audit log alone, to read, with no service around it and nothing written.
 * @throws CabinwatchError INPUT_NOT_FOUND where there is no database; CONFLICT while a service has the data folder
 */
export async function openAudit(
  where: { readonly url?: string | undefined; readonly dataDir: string },
  logger: Logger,
): Promise<OpenAudit> {
  if (!where.url && !existsSync(join(where.dataDir, 'database')))
    throw new CabinwatchError('INPUT_NOT_FOUND', `There is no database in the data folder ${where.dataDir}.`);
  const lock = where.url ? undefined : lockFolder(where.dataDir);
  const db = openDatabase({ url: where.url, dataDir: where.dataDir, poolSize: 2, timeout: 60 }, logger);
  const close = async (): Promise<void> => {
    await db.destroy();
    lock?.release();
  };
  try {
    await auditHead(db);
  } catch (cause) {
    await close();
    if (cause instanceof CabinwatchError) throw cause;
    throw new CabinwatchError('INPUT_NOT_FOUND', 'The database holds no records of Cabinwatch.', { cause });
  }
  return {
    head: () => auditHead(db),
    entries: (after, limit) => auditEntries(db, after, limit),
    changeHashes: (seqs) => changeHashes(db, seqs),
    async changes() {
      const row = await db
        .selectFrom('changes')
        .select(({ fn }) => fn.max('seq').as('last'))
        .executeTakeFirst();
      return row?.last ?? 0;
    },
    close,
  };
}
