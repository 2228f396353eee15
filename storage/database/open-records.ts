import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CabinwatchError, type Logger } from '../../core/index.ts';
import { lockFolder } from './folder-lock.ts';
import { type Database, openDatabase } from './open-database.ts';

export interface RecordsWhere {
  /** PostgreSQL; otherwise the embedded database in `dataDir`. */
  readonly url?: string | undefined;
  readonly dataDir: string;
}

export interface OpenRecords {
  readonly db: Database;
  close(): Promise<void>;
}

/** What a command can do while a service has the folder. */
export const SERVICE_RUNS =
  'While the service runs, use its page or its API (for audit and alarms: --service ADDRESS); or stop it first. ' +
  'With PostgreSQL (storage.url) commands work beside it.';

/** For commands: what is there, with no service around it; nothing is made or migrated. */
export async function openRecords(where: RecordsWhere, logger: Logger): Promise<OpenRecords> {
  if (!where.url && !existsSync(join(where.dataDir, 'database')))
    throw new CabinwatchError('INPUT_NOT_FOUND', `There is no database in the data folder ${where.dataDir}.`);
  const lock = where.url ? undefined : lockFolder(where.dataDir, SERVICE_RUNS);
  const db = openDatabase({ url: where.url, dataDir: where.dataDir, poolSize: 2, timeout: 60 }, logger);
  const close = async (): Promise<void> => {
    await db.destroy();
    lock?.release();
  };
  try {
    await db.selectFrom('heads').select('seq').execute();
  } catch (cause) {
    await close();
    if (cause instanceof CabinwatchError) throw cause;
    throw new CabinwatchError('INPUT_NOT_FOUND', 'The database holds no records of Cabinwatch.', { cause });
  }
  return { db, close };
}
