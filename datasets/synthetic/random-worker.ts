import { CabinwatchError, type ErrorCode } from '../../core/index.ts';
import { type SynthRandomOptions, synthRandom } from './synth-random.ts';

/** What a worker is told, as JSON in its first argument. */
export type RandomWorkerOrder = Pick<
  SynthRandomOptions,
  'count' | 'seed' | 'focus' | 'out' | 'width' | 'height' | 'antialias'
> & {
  readonly share: readonly [number, number];
};

export type RandomWorkerMessage =
  | { readonly done: number; readonly skipped: number }
  | { readonly failed: { readonly code: ErrorCode | undefined; readonly message: string } };

// The process that random-workers.ts starts: draws its share and closes its browser whichever way it ends.
const stop = new AbortController();
const abort = (): void => stop.abort();
process.once('SIGINT', abort);
process.once('SIGTERM', abort);
process.once('disconnect', abort);
const tell = (message: RandomWorkerMessage): void => void process.send?.(message);
try {
  await synthRandom({
    ...(JSON.parse(process.argv[2] ?? '') as RandomWorkerOrder),
    signal: stop.signal,
    onProgress: ({ done, skipped }) => tell({ done, skipped }),
  });
} catch (error) {
  if (!stop.signal.aborted) {
    const code = error instanceof CabinwatchError ? error.code : undefined;
    tell({ failed: { code, message: error instanceof Error ? error.message : String(error) } });
  }
  process.exitCode = 1;
} finally {
  if (process.connected) process.disconnect();
}
