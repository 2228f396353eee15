import { join } from 'node:path';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import type { Logger } from '../../core/index.ts';
import { migrate } from './migrations/index.ts';
import { openPglitePool } from './pglite-pool.ts';
import { openPostgresPool } from './postgres-pool.ts';
import { toStorageError } from './storage-error.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface DatabaseOptions {
  /** PostgreSQL; otherwise PGlite in `dataDir`. */
  readonly url: string | undefined;
  readonly dataDir: string;
  readonly poolSize: number;
  /** Seconds. */
  readonly timeout: number;
}

/** One dialect for both: PGlite is PostgreSQL, and a pool of one connection. Nothing is connected yet. */
export function openDatabase(options: DatabaseOptions, logger: Logger): Database {
  const pool = options.url
    ? openPostgresPool({ ...options, url: options.url }, logger)
    : openPglitePool(join(options.dataDir, 'database'), logger);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: withStorageErrors(pool) }) });
}

/** Reaches the database and brings its tables up to date. Can be called again after a failure. */
export async function prepareDatabase(db: Database): Promise<void> {
  await migrate(db);
}

function withStorageErrors(pool: PostgresPool): PostgresPool {
  const translate = (error: unknown): never => {
    throw toStorageError(error);
  };
  const wrap = (client: PostgresPoolClient): PostgresPoolClient =>
    ({
      query: (sql: string, parameters: readonly unknown[]) => client.query(sql, parameters).catch(translate),
      release: (destroy?: boolean) => client.release(destroy),
    }) as PostgresPoolClient;
  return {
    connect: async () => wrap(await pool.connect().catch(translate)),
    end: () => pool.end(),
  };
}
