import { mkdirSync } from 'node:fs';
import { uuidv7 } from 'uuidv7';
import type { AccountStore, AuditInput, Logger } from '../../core/index.ts';
import { lockFolder } from '../database/folder-lock.ts';
import { openDatabase, prepareDatabase } from '../database/open-database.ts';
import { type RecordsWhere, SERVICE_RUNS } from '../database/open-records.ts';
import { commitWorks } from '../journal/commit-works.ts';
import { createAccountRepository } from './account-repository.ts';

export interface OpenAccounts {
  readonly accounts: AccountStore;
  /** Straight into the chain: a command has no journal to fall back on, and must not go on without its entry. */
  append(entry: AuditInput): Promise<void>;
  close(): Promise<void>;
}

/**
 * For commands: the accounts with no service around them. The database is made if there is none yet, so that the first
 * admin can be there before the first start.
 */
export async function openAccounts(where: RecordsWhere, logger: Logger): Promise<OpenAccounts> {
  if (!where.url) mkdirSync(where.dataDir, { recursive: true });
  const lock = where.url ? undefined : lockFolder(where.dataDir, SERVICE_RUNS);
  const db = openDatabase({ url: where.url, dataDir: where.dataDir, poolSize: 2, timeout: 60 }, logger);
  const close = async (): Promise<void> => {
    await db.destroy();
    lock?.release();
  };
  try {
    await prepareDatabase(db);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    accounts: createAccountRepository(db),
    async append(entry) {
      await commitWorks(db, [{ kind: 'audit', key: uuidv7(), entry }], []);
    },
    close,
  };
}
