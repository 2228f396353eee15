import { CabinwatchError } from '../../core/index.ts';
import type { NetworkOutput } from '../families/family.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

/** The stride of the added head's cells, pixels. */
export const HEAD_STRIDE = 16;

/**
 * What the added head sees: the network's feature maps of strides 8, 16 and 32, brought to 16 and laid on each other,
 * float32 [1, C, height / 16, width / 16].
 * @param taps the maps' names, finest first
 * @throws CabinwatchError MODEL_INVALID where the network does not give them
 */
export function writeFeatures(
  b: GraphBuilder,
  outputs: ReadonlyMap<string, NetworkOutput>,
  taps: readonly string[],
): Value {
  const [fine, middle, coarse] = taps.map((name) => {
    const output = outputs.get(name);
    if (output) return output.value;
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The network does not give the feature map ${name}. Correct the manifest's head.taps.`,
    );
  }) as [Value, Value, Value];
  const pooled = b.op('AveragePool', [fine], { kernel_shape: [2, 2], strides: [2, 2] });
  const channels = b.narrow(b.op('Shape', [coarse]), 0, 0, 2);
  const extent = b.narrow(b.op('Shape', [middle]), 0, 2, 4);
  const raised = b.resize(coarse, b.concat([channels, extent], 0), 'half_pixel');
  return b.concat([pooled, middle, raised], 1);
}
