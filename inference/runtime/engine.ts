import type { Logger } from '../../core/index.ts';
import { createInlineEngine } from './inline-engine.ts';
import type { Answer, Question } from './look.ts';
import { type EngineOptions, engineOptions } from './options.ts';
import { createWorkerEngine } from './worker-engine.ts';

/** Runs models; shared by all detectors and pose estimators of a process. Close it after them. */
export interface InferenceEngine {
  /** How many questions are worked on at once; more wait in line, first come first served. */
  readonly concurrency: number;
  /**
   * Loads a model file, once however often it is asked for. Rejects with DEPENDENCY_MISSING or MODEL_INVALID.
   * @returns the execution provider that runs it
   */
  load(file: string): Promise<string>;
  /**
   * Asks a loaded model. `question.data` may be changed as soon as the promise settles, not before.
   * Rejects with INFERENCE_FAILED, or CLOSED after `close()`.
   */
  ask(file: string, question: Question): Promise<Answer>;
  close(): Promise<void>;
}

export interface EngineDeps {
  readonly logger?: Pick<Logger, 'warn'>;
}

/** @throws CabinwatchError CONFIG_INVALID */
export function createInferenceEngine(
  options: Partial<EngineOptions> = {},
  deps: EngineDeps = {},
): InferenceEngine {
  const settings = engineOptions(options);
  const warned = new Set<string>();
  const onFallback = (provider: string, reason: string): void => {
    if (warned.has(provider)) return;
    warned.add(provider);
    deps.logger?.warn({ provider, reason }, 'An execution provider cannot start; the next one is tried');
  };
  return settings.workers === 0
    ? createInlineEngine(settings, onFallback)
    : createWorkerEngine(settings, onFallback);
}
