import { CabinwatchError } from '../../core/index.ts';

/** Reads the features of pictures off a network, for training. */
export interface FeatureReader {
  /** @param data RGB, row by row, of a size the network takes */
  read(picture: { readonly width: number; readonly height: number; readonly data: Uint8Array }): Promise<{
    readonly dims: readonly number[];
    readonly data: Float32Array;
  }>;
  close(): Promise<void>;
}

/**
 * @param graph an ONNX model from `image` uint8 [1, H, W, 3] to `features` float32
 * @throws CabinwatchError DEPENDENCY_MISSING
 */
export async function createFeatureReader(graph: Uint8Array): Promise<FeatureReader> {
  const ort = await import('onnxruntime-node').catch((cause) => {
    throw new CabinwatchError(
      'DEPENDENCY_MISSING',
      `The package onnxruntime-node cannot be loaded (${(cause as Error).message}). Run: npm install onnxruntime-node`,
      { cause },
    );
  });
  const session = await ort.InferenceSession.create(graph, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  return {
    async read({ width, height, data }) {
      const { features } = await session.run({ image: new ort.Tensor('uint8', data, [1, height, width, 3]) });
      if (!features) throw new CabinwatchError('MODEL_INVALID', 'The graph gives no features.');
      return { dims: features.dims, data: features.data as Float32Array };
    },
    close: () => session.release(),
  };
}
