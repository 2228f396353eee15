import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { CabinwatchError, type Logger } from '../../core/index.ts';
import { isFatal, type PgliteReply, type PgliteRequest, type PgliteSettings } from './pglite-messages.ts';

type Rows = Extract<PgliteReply, { kind: 'rows' }>;

interface Pending {
  readonly resolve: (reply: Rows) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * PGlite as a pool of one connection. It runs in a thread, because it is synchronous inside: opening takes seconds and a
 * commit up to tens of milliseconds, in which the caller's thread could do nothing else.
 */
export function openPglitePool(folder: string, logger: Logger): PostgresPool {
  let thread: PgliteThread | undefined;
  let free: Promise<void> = Promise.resolve();
  return {
    async connect() {
      const before = free;
      let release = (): void => {};
      free = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      if (!thread?.alive) {
        mkdirSync(folder, { recursive: true });
        thread = new PgliteThread(folder, logger);
      }
      return client(thread, release);
    },
    async end() {
      await free;
      await thread?.close();
    },
  };
}

/** Bound to one thread: a transaction must not go on in another that knows nothing of its beginning. */
function client(thread: PgliteThread, release: () => void): PostgresPoolClient {
  const query = async <R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
    const { rows, affected } = await thread.query(sql, parameters);
    const command = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() as PostgresQueryResult<R>['command'];
    return { command, rowCount: affected, rows: rows as R[] };
  };
  return { query, release } as PostgresPoolClient;
}

class PgliteThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #count = 0;
  alive = true;

  constructor(folder: string, logger: Logger) {
    this.#worker = startThread({ folder });
    this.#worker.on('message', (reply: PgliteReply) => this.#receive(reply));
    this.#worker.on('error', (error) => logger.error({ error: error.message }, 'the database thread failed'));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#lost();
        resolve();
      });
    });
  }

  query(sql: string, parameters: readonly unknown[]): Promise<Rows> {
    return this.#send({ kind: 'query', sql, parameters });
  }

  async close(): Promise<void> {
    if (this.alive) await this.#send({ kind: 'close' }).catch(() => {});
    await this.#ended;
  }

  #send(request: Omit<PgliteRequest, 'id'>): Promise<Rows> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      if (!this.alive) {
        reject(new CabinwatchError('STORAGE_UNAVAILABLE', 'The database thread has ended.'));
        return;
      }
      this.#pending.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ ...request, id });
    });
  }

  #receive(reply: PgliteReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'rows') {
      pending?.resolve(reply);
      return;
    }
    if (isFatal(reply.code)) this.alive = false;
    pending?.reject(Object.assign(new Error(reply.message), { code: reply.code }));
  }

  #lost(): void {
    this.alive = false;
    const error = new CabinwatchError('STORAGE_UNAVAILABLE', 'The database thread has ended.');
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** From TypeScript sources the thread needs a loader for them first; compiled, it needs none. */
function startThread(settings: PgliteSettings): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./pglite-thread.js', import.meta.url), { workerData: settings });
  }
  const loader = import.meta.resolve('tsx/esm/api');
  const entry = new URL('./pglite-thread.ts', import.meta.url).href;
  const boot = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(boot, { eval: true, workerData: settings });
}
