import { parentPort, workerData } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { isFatal, type PgliteReply, type PgliteRequest, type PgliteSettings } from './pglite-messages.ts';

const INT8 = 20;
const { folder } = workerData as PgliteSettings;
const port = parentPort;
if (!port) throw new Error('pglite-thread.ts runs in a worker thread');

let opening: Promise<PGlite> | undefined;

/**
 * By default PGlite forces nothing to the disk (-F), and its file system knows no fsync either. But it passes O_SYNC on, so
 * the write-ahead log is opened with that: what is committed is on the disk.
 */
async function open(): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  const startParams = [
    ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
    ...['-c', 'fsync=on', '-c', 'wal_sync_method=open_datasync'],
  ];
  return PGlite.create({ dataDir: folder, startParams, parsers: { [INT8]: Number } });
}

async function answer({ id, kind, sql = '', parameters = [] }: PgliteRequest): Promise<PgliteReply> {
  if (kind === 'close') {
    await (await opening)?.close();
    return { id, kind: 'rows', rows: [], affected: 0 };
  }
  opening ??= open();
  const result = await (await opening).query(sql, [...parameters]);
  return { id, kind: 'rows', rows: result.rows, affected: result.affectedRows ?? 0 };
}

// One at a time and in order: messages wait their turn in the promise chain.
let turn: Promise<void> = Promise.resolve();
port.on('message', (request: PgliteRequest) => {
  turn = turn.then(async () => {
    const reply = await answer(request).catch((error): PgliteReply => {
      const { message, code } = error as { message?: string; code?: string };
      return { id: request.id, kind: 'failed', message: message ?? String(error), code };
    });
    port.postMessage(reply);
    const over = request.kind === 'close' || (reply.kind === 'failed' && isFatal(reply.code));
    if (over) setImmediate(() => process.exit());
  });
});
