import { createRequire } from 'node:module';
import path from 'node:path';
import { CabinwatchError } from '../core/index.ts';

export type TensorFlow = typeof import('@tensorflow/tfjs');

/**
 * TensorFlow.js on the wasm backend, or on the plain JavaScript one where wasm cannot start.
 * @throws CabinwatchError DEPENDENCY_MISSING
 */
export async function loadTensorFlow(): Promise<TensorFlow> {
  try {
    const tf = await import('@tensorflow/tfjs');
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(`${path.dirname(main)}/`);
    // Threads that wait by spinning make a busy machine slower still; one thread also sums in one order.
    wasm.setThreadsCount(1);
    tf.env().set('PROD', true);
    if (!(await tf.setBackend('wasm').catch(() => false))) await tf.setBackend('cpu');
    await tf.ready();
    return tf;
  } catch (cause) {
    throw new CabinwatchError(
      'DEPENDENCY_MISSING',
      `TensorFlow.js cannot be loaded (${(cause as Error).message}). Run: npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm`,
      { cause },
    );
  }
}
