import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool } from 'pg';
import type { Logger } from '../../core/index.ts';

export interface PostgresOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Seconds. */
  readonly timeout: number;
}

const INT8 = 20;

/** Connections to PostgreSQL, made when they are needed. */
export function openPostgresPool(options: PostgresOptions, logger: Logger): PostgresPool {
  const timeoutMs = options.timeout * 1000;
  let pool: Promise<Pool> | undefined;
  const open = async (): Promise<Pool> => {
    const { default: pg } = await import('pg');
    const opened = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      connectionTimeoutMillis: timeoutMs,
      // The server is asked to give up first; the client does so only when the server does not answer at all.
      statement_timeout: timeoutMs,
      query_timeout: timeoutMs + 500,
      keepAlive: true,
      application_name: 'cabinwatch',
      types: {
        // Numbers of rows and bytes stay far below 2^53.
        getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
          oid === INT8
            ? Number
            : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
      },
    });
    // A connection may break while nobody waits for an answer, also in the middle of a transaction: whoever uses it next is
    // told. Without a listener it would end the process.
    const broken = (error: Error): void =>
      logger.debug({ error: error.message }, 'a database connection broke');
    opened.on('error', broken);
    opened.on('connect', (client) => client.on('error', broken));
    return opened;
  };
  return {
    async connect() {
      pool ??= open();
      return (await (await pool).connect()) as unknown as PostgresPoolClient;
    },
    async end() {
      await (await pool)?.end();
    },
  };
}
