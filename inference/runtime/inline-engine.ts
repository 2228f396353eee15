import { CabinwatchError } from '../../core/index.ts';
import type { InferenceEngine } from './engine.ts';
import type { Answer, Question } from './look.ts';
import type { EngineOptions } from './options.ts';
import { loadOrtModel, type OrtModel } from './ort-model.ts';

/** Runs models in the calling thread, one question after another. */
export function createInlineEngine(
  options: EngineOptions,
  onFallback: (provider: string, reason: string) => void,
): InferenceEngine {
  const models = new Map<string, Promise<OrtModel>>();
  let closed = false;
  const model = (file: string): Promise<OrtModel> => {
    if (closed) return Promise.reject(new CabinwatchError('CLOSED', 'The inference engine has been closed.'));
    const loading = models.get(file) ?? loadOrtModel(file, options, onFallback);
    models.set(file, loading);
    loading.catch(() => models.delete(file));
    return loading;
  };
  return {
    concurrency: 1,
    load: async (file) => (await model(file)).provider,
    async ask(file, question: Question): Promise<Answer> {
      const loaded = await model(file);
      try {
        return await loaded.ask(question);
      } catch (cause) {
        throw new CabinwatchError('INFERENCE_FAILED', `${file}: ${(cause as Error).message}`, { cause });
      }
    },
    async close() {
      closed = true;
      const loaded = await Promise.allSettled(models.values());
      models.clear();
      for (const result of loaded) if (result.status === 'fulfilled') await result.value.close();
    },
  };
}
