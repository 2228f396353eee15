import { type Candidates, cornersOfDistances, rowsOf } from '../families/family.ts';
import { anchorGrid } from '../graph/anchor-grid.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import { type ConvWeights, HEAD_LAYERS, HEAD_OUTPUTS, type HeadWeights, LEAK } from './head-weights.ts';
import { HEAD_STRIDE } from './write-features.ts';

/** Distances are exp(x) · this, pixels; x is held within ±DISTANCE_REACH. */
export const DISTANCE_UNIT = 48;
export const DISTANCE_REACH = 4;

/** The head's raw answer on features [1, C, h, w]: rows float32 [h·w, 5]. */
export function writeHeadRows(b: GraphBuilder, features: Value, { layers }: HeadWeights): Value {
  let x = features;
  for (const [i, { kernel, dilation }] of HEAD_LAYERS.entries()) {
    const { dims, weight, bias } = layers[i] as ConvWeights;
    const pad = dilation * ((kernel - 1) / 2);
    x = b.op('Conv', [x, b.floats([...weight], dims), b.floats([...bias])], {
      kernel_shape: [kernel, kernel],
      pads: [pad, pad, pad, pad],
      dilations: [dilation, dilation],
    });
    if (i < HEAD_LAYERS.length - 1) x = b.op('LeakyRelu', [x], { alpha: { float: LEAK } });
  }
  return b.reshape(b.transpose(x, [0, 2, 3, 1]), [-1, HEAD_OUTPUTS]);
}

/**
 * The added head as candidates of one class.
 * @param size float32 [2], width and height of the network's input, pixels
 */
export function writeHead(b: GraphBuilder, features: Value, size: Value, weights: HeadWeights): Candidates {
  const rows = writeHeadRows(b, features, weights);
  return {
    scores: b.op('Sigmoid', [b.narrow(rows, 1, 0, 1)]),
    suppress: true,
    boxesOf(wanted) {
      const { cells } = anchorGrid(b, size, [HEAD_STRIDE]);
      const centres = b.op('Mul', [
        b.op('Add', [rowsOf(b, cells, wanted), b.float(0.5)]),
        b.float(HEAD_STRIDE),
      ]);
      const raw = b.narrow(rowsOf(b, rows, wanted), 1, 1, HEAD_OUTPUTS);
      const held = b.op('Clip', [raw, b.float(-DISTANCE_REACH), b.float(DISTANCE_REACH)]);
      return cornersOfDistances(b, centres, b.op('Mul', [b.op('Exp', [held]), b.float(DISTANCE_UNIT)]));
    },
  };
}
