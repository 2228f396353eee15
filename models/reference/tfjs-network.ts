import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadTensorFlow } from '../tensorflow.ts';

/** The original network in its original runtime: slow, and what conversions are held to. */
export interface TfjsNetwork {
  readonly backend: string;
  /**
   * @param inner nodes to give out besides the outputs
   * @returns the raw outputs by name
   */
  run(input: ReferenceTensor, inner?: readonly string[]): Promise<Map<string, ReferenceTensor>>;
  close(): void;
}

export interface ReferenceTensor {
  readonly type: 'float32' | 'int32';
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/**
 * Loads a TFJS graph model on the wasm backend, or on the plain JavaScript one where wasm cannot start.
 * @param jsonFile the topology; its weights lie beside it
 * @throws CabinwatchError DEPENDENCY_MISSING where TensorFlow.js is not installed
 */
export async function loadTfjsNetwork(jsonFile: string): Promise<TfjsNetwork> {
  const tf = await loadTensorFlow();
  const raw = JSON.parse(await readFile(jsonFile, 'utf8'));
  const specs = raw.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights);
  const shards: string[] = raw.weightsManifest.flatMap((group: { paths: string[] }) => group.paths);
  const read = shards.map((shard) => readFile(path.join(path.dirname(jsonFile), shard)));
  const weights = new Uint8Array(Buffer.concat(await Promise.all(read)));
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: raw.modelTopology,
      weightSpecs: specs,
      weightData: weights.buffer,
      signature: raw.signature,
    }),
  );
  return {
    backend: tf.getBackend(),
    async run({ type, dims, data }, inner = []) {
      const names = [...model.outputs.map((output) => output.name), ...inner];
      const input = tf.tensor(data, [...dims], type);
      const outputs = [model.execute(input, names)].flat();
      const read = await Promise.all(outputs.map((output) => output.data()));
      const result = new Map(
        outputs.map((output, i) => [
          names[i] as string,
          { type: 'float32' as const, dims: output.shape, data: Float32Array.from(read[i] ?? []) },
        ]),
      );
      tf.dispose([input, ...outputs]);
      return result;
    },
    close: () => model.dispose(),
  };
}
