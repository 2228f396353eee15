import { CabinwatchError } from '../../core/index.ts';
import type { Answer, Question } from './look.ts';

type Ort = typeof import('onnxruntime-node');
type Session = Awaited<ReturnType<Ort['InferenceSession']['create']>>;

/** A model loaded into this thread. */
export interface OrtModel {
  /** The provider that was asked for and started. */
  readonly provider: string;
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

export interface OrtModelOptions {
  readonly intraOpThreads: number;
  readonly executionProviders: readonly string[];
}

/**
 * Loads a built model with onnxruntime.
 * @param onFallback told of every execution provider that would not start
 * @throws CabinwatchError DEPENDENCY_MISSING or MODEL_INVALID
 */
export async function loadOrtModel(
  file: string,
  options: OrtModelOptions,
  onFallback: (provider: string, reason: string) => void,
): Promise<OrtModel> {
  const ort = await loadRuntime();
  const { session, provider } = await open(ort, file, options, onFallback);
  const takesSize = session.inputNames.includes('size');
  return {
    provider,
    async ask(question) {
      const { width, height, data, size } = question;
      const feeds = {
        image: new ort.Tensor('uint8', owned(data), [1, height, width, 3]),
        region: new ort.Tensor('float32', Float32Array.from(question.region), [4]),
        score_threshold: new ort.Tensor('float32', Float32Array.of(question.scoreThreshold), [1]),
        ...(takesSize && {
          size: new ort.Tensor('int64', BigInt64Array.of(BigInt(size.height), BigInt(size.width)), [2]),
        }),
      };
      return toAnswer(await session.run(feeds));
    },
    close: () => session.release(),
  };
}

/** onnxruntime-node takes no shared memory. */
const owned = (pixels: Uint8Array): Uint8Array =>
  pixels.buffer instanceof SharedArrayBuffer ? pixels.slice() : pixels;

async function loadRuntime(): Promise<Ort> {
  try {
    const module = await import('onnxruntime-node');
    return (module.default ?? module) as Ort;
  } catch (cause) {
    throw new CabinwatchError(
      'DEPENDENCY_MISSING',
      `The package onnxruntime-node cannot be loaded (${(cause as Error).message}). Run: npm install onnxruntime-node`,
      { cause },
    );
  }
}

async function open(
  ort: Ort,
  file: string,
  options: OrtModelOptions,
  onFallback: (provider: string, reason: string) => void,
): Promise<{ session: Session; provider: string }> {
  const providers = options.executionProviders;
  let last: unknown;
  for (const provider of providers) {
    try {
      const session = await ort.InferenceSession.create(file, {
        executionProviders: [provider],
        intraOpNumThreads: options.intraOpThreads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        // Warnings are about constants that were folded away; errors are thrown.
        logSeverityLevel: 3,
      });
      return { session, provider };
    } catch (error) {
      last = error;
      if (provider === 'cpu') {
        throw new CabinwatchError('MODEL_INVALID', `onnxruntime cannot load ${file}: ${text(error)}`, {
          cause: error,
        });
      }
      onFallback(provider, text(error));
    }
  }
  throw new CabinwatchError(
    'DEPENDENCY_MISSING',
    `None of the execution providers ${providers.join(', ')} starts here (${text(last)}). Install what they need, or add "cpu" to the list.`,
    { cause: last },
  );
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();

function toAnswer(outputs: Awaited<ReturnType<Session['run']>>): Answer {
  const floats = (name: string): Float32Array => outputs[name]?.data as Float32Array;
  const answer = { boxes: floats('boxes'), scores: floats('scores') };
  const classes = outputs.classes;
  return classes
    ? { ...answer, classes: Array.from(classes.data as BigInt64Array, Number) }
    : { ...answer, keypoints: floats('keypoints') };
}
