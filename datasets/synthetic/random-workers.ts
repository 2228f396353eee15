import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CabinwatchError } from '../../core/index.ts';
import type { RandomWorkerMessage, RandomWorkerOrder } from './random-worker.ts';
import { collect, type SynthRandomOptions, synthRandom } from './synth-random.ts';

/**
 * Draws random cabins in several processes, each with a browser of its own, then gathers what they drew. The same seed
 * gives the same set however many work on it.
 * @throws CabinwatchError whatever one of them failed with; the rest are stopped, and the next call goes on from there
 */
export async function synthRandomInWorkers(
  options: Omit<SynthRandomOptions, 'share'> & { readonly workers: number },
): Promise<void> {
  const { workers, preview, signal, onProgress, ...order } = options;
  if (workers <= 1) return synthRandom(options);
  signal?.throwIfAborted();
  const progress = Array.from({ length: workers }, () => ({ done: 0, skipped: 0 }));
  const sum = (key: 'done' | 'skipped'): number => progress.reduce((all, p) => all + p[key], 0);
  const children = progress.map((_, i) => start({ ...order, share: [i, workers] }));
  const stopAll = (): void => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stopAll, { once: true });
  try {
    const ends = children.map((child, i) =>
      ended(child, (report) => {
        progress[i] = report;
        onProgress?.({ done: sum('done'), all: order.count, skipped: sum('skipped') });
      }),
    );
    // The first to fail says why; the rest only tell that they were stopped.
    let failure: unknown;
    for (const end of ends) {
      end.catch((error: unknown) => {
        failure ??= error;
        stopAll();
      });
    }
    await Promise.allSettled(ends);
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
  } finally {
    signal?.removeEventListener('abort', stopAll);
  }
  await collect({ ...order, preview: preview === true });
}

function start(order: RandomWorkerOrder): ChildProcess {
  // A checkout runs its TypeScript as it is; what was built runs by itself.
  const fromSources = import.meta.url.endsWith('.ts');
  const entry = new URL(`./random-worker.${fromSources ? 'ts' : 'js'}`, import.meta.url);
  return fork(fileURLToPath(entry), [JSON.stringify(order)], {
    execArgv: fromSources ? ['--import', import.meta.resolve('tsx/esm')] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function ended(
  child: ChildProcess,
  report: (progress: { done: number; skipped: number }) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: CabinwatchError | undefined;
    child.on('message', (message: RandomWorkerMessage) => {
      if ('failed' in message)
        failure = new CabinwatchError(message.failed.code ?? 'INFERENCE_FAILED', message.failed.message);
      else report(message);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          failure ??
            new CabinwatchError(
              'INFERENCE_FAILED',
              `a worker that drew synthetic cabins ended with ${signal ?? `exit code ${code}`}; run the same command again to go on from there`,
            ),
        );
    });
  });
}
