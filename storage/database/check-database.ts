import { sql } from 'kysely';
import { type Logger, silentLogger } from '../../core/index.ts';
import { openDatabase } from './open-database.ts';

export interface DatabaseCheck {
  /** The server's major version. */
  readonly version: number;
  /** Whether a service has already made its tables there. */
  readonly hasRecords: boolean;
}

/** The oldest that has what the statements use, and is tested. */
export const MINIMUM_POSTGRES = 14;

/**
 * Asks a PostgreSQL database once; nothing is made or changed.
 * @param timeout seconds
 * @throws CabinwatchError STORAGE_UNAVAILABLE
 */
export async function checkDatabase(
  url: string,
  timeout: number,
  logger: Logger = silentLogger,
): Promise<DatabaseCheck> {
  const db = openDatabase({ url, dataDir: '', poolSize: 2, timeout }, logger);
  try {
    const { rows } = await sql<{ version: string; heads: string | null }>`
      select current_setting('server_version_num') as version, to_regclass('heads')::text as heads`.execute(
      db,
    );
    const [row] = rows;
    return { version: Math.floor(Number(row?.version) / 10_000), hasRecords: Boolean(row?.heads) };
  } finally {
    await db.destroy();
  }
}
