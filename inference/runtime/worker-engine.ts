import { CabinwatchError } from '../../core/index.ts';
import type { InferenceEngine } from './engine.ts';
import { InferenceThread } from './inference-thread.ts';
import type { Answer, Question } from './look.ts';
import type { EngineOptions } from './options.ts';

interface Job {
  readonly file: string;
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs models on a fixed set of threads; a thread that dies is replaced, and only its own question is lost. */
export function createWorkerEngine(
  options: EngineOptions,
  onFallback: (provider: string, reason: string) => void,
): InferenceEngine {
  const waiting: Job[] = [];
  const loads = new Map<string, Promise<string>>();
  let closed = false;

  const threads = Array.from({ length: options.workers }, () => new InferenceThread(options, onFallback));
  const settle = (): void => {
    for (const thread of threads) thread.settle();
  };
  process.once('exit', settle);
  const next = (): void => {
    for (const thread of threads) {
      const job = thread.busy ? undefined : waiting.shift();
      if (job) thread.ask(job.file, job.question).then(job.resolve, job.reject).finally(next);
    }
  };
  const loadEverywhere = async (file: string): Promise<string> => {
    const [provider] = await Promise.all(threads.map((thread) => thread.load(file)));
    return provider as string;
  };
  const rejectClosed = (): Promise<never> =>
    Promise.reject(new CabinwatchError('CLOSED', 'The inference engine has been closed.'));

  return {
    concurrency: options.workers,
    load(file) {
      if (closed) return rejectClosed();
      const loading = loads.get(file) ?? loadEverywhere(file);
      loads.set(file, loading);
      // A model that could not be loaded may be there the next time.
      loading.catch(() => loads.delete(file));
      return loading;
    },
    ask(file, question) {
      if (closed) return rejectClosed();
      return new Promise<Answer>((resolve, reject) => {
        waiting.push({ file, question, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      const error = new CabinwatchError('CLOSED', 'The inference engine was closed before its turn came.');
      for (const job of waiting.splice(0)) job.reject(error);
      await Promise.all(threads.map((thread) => thread.close()));
      process.off('exit', settle);
    },
  };
}
