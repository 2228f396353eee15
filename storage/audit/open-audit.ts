import type { AuditHead, Logger } from '../../core/index.ts';
import { openRecords, type RecordsWhere } from '../database/open-records.ts';
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
export async function openAudit(where: RecordsWhere, logger: Logger): Promise<OpenAudit> {
  const { db, close } = await openRecords(where, logger);
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
