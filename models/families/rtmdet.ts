import { Type } from 'typebox';
import { anchorGrid } from '../graph/anchor-grid.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import { asRows, cornersOfDistances, defineFamily, networkOutput, rowsOf } from './family.ts';

const options = Type.Object({
  outputs: Type.Union(
    [
      Type.Object({ dets: Type.String(), labels: Type.String() }),
      Type.Object({
        scores: Type.Array(Type.String(), { minItems: 1 }),
        distances: Type.Array(Type.String(), { minItems: 1 }),
      }),
    ],
    {
      default: { dets: 'dets', labels: 'labels' },
      description:
        'Either the two outputs of an end-to-end export (mmdeploy), or the raw head: one output of class logits [1, classes, h, w] and one of distances in pixels [1, 4, h, w] a level.',
    },
  ),
  strides: Type.Array(Type.Integer({ minimum: 1 }), {
    minItems: 1,
    default: [8, 16, 32],
    description: 'Raw head only: pixels a cell of each feature level, in the order of the outputs.',
  }),
});

/** RTMDet (OpenMMLab, Apache-2.0), end to end or raw. */
export const rtmdet = defineFamily({
  task: 'detect',
  options,
  decode(context, { outputs, strides }) {
    const { builder: b, classes, size } = context;
    if ('dets' in outputs) {
      const dets = asRows(b, networkOutput(context, outputs.dets, 5), 5);
      const labels = b.reshape(networkOutput(context, outputs.labels), [-1]);
      return {
        scores: b.op('Mul', [oneHot(b, labels, classes), b.narrow(dets, 1, 4, 5)]),
        suppress: false,
        boxesOf: (rows) => b.narrow(rowsOf(b, dets, rows), 1, 0, 4),
      };
    }
    const rowsOfLevels = (names: readonly string[], channels: number): Value =>
      b.concat(
        names.map((name) => {
          const map = networkOutput(context, name, channels, 1);
          return b.transpose(b.reshape(map, [channels, -1]), [1, 0]);
        }),
        0,
      );
    const distances = rowsOfLevels(outputs.distances, 4);
    return {
      scores: b.op('Sigmoid', [rowsOfLevels(outputs.scores, classes)]),
      suppress: true,
      boxesOf(rows) {
        const grid = anchorGrid(b, size, strides);
        const points = b.op('Mul', [grid.cells, grid.strides]);
        return cornersOfDistances(b, rowsOf(b, points, rows), rowsOf(b, distances, rows));
      },
    };
  },
});

/** int64 [N] → float32 [N, classes], 1 at each row's class. */
function oneHot(b: GraphBuilder, labels: Value, classes: number): Value {
  const every = b.ints(
    Array.from({ length: classes }, (_, i) => i),
    [1, classes],
  );
  return b.cast(b.op('Equal', [b.unsqueeze(b.cast(labels, 'int64'), [1]), every]), 'float32');
}
