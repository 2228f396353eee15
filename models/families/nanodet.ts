import { Type } from 'typebox';
import { anchorGrid } from '../graph/anchor-grid.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import {
  asRows,
  cornersOfDistances,
  type DecodeContext,
  defineFamily,
  networkOutput,
  rowsOf,
} from './family.ts';

const options = Type.Object({
  strides: Type.Array(Type.Integer({ minimum: 1 }), {
    minItems: 1,
    default: [8, 16, 32, 64],
    description: 'Pixels a cell of each feature level, finest first.',
  }),
  regMax: Type.Integer({
    minimum: 1,
    default: 7,
    description: 'Each side is a distribution over the distances 0…regMax, in strides.',
  }),
  cellOffset: Type.Number({
    default: 0,
    description: 'Where in a cell its point lies, in cells: 0 in NanoDet-Plus, 0.5 in NanoDet.',
  }),
  output: Type.Optional(
    Type.String({ description: 'The one output [1, N, classes + 4·(regMax+1)]; left out: the only one.' }),
  ),
  levels: Type.Optional(
    Type.Object(
      {
        scores: Type.Array(Type.String(), { minItems: 1 }),
        distances: Type.Array(Type.String(), { minItems: 1 }),
      },
      { description: 'Or: one output of scores and one of distances a level, in the order of the strides.' },
    ),
  ),
});

/**
 * NanoDet and NanoDet-Plus (RangiLyu/nanodet, Apache-2.0): class scores after sigmoid, and for each side of the box
 * a distribution whose mean is the distance from the cell's point (generalised focal loss, Li et al. 2020).
 */
export const nanodet = defineFamily({
  task: 'detect',
  options,
  decode(context, { strides, regMax, cellOffset, output, levels }) {
    const { builder: b, classes, size } = context;
    const bins = regMax + 1;
    const { scores, distances } = levels
      ? {
          scores: stacked(context, levels.scores, classes),
          distances: stacked(context, levels.distances, 4 * bins),
        }
      : merged(context, output, classes, 4 * bins);
    return {
      scores,
      suppress: true,
      boxesOf(rows) {
        const grid = anchorGrid(b, size, strides);
        const steps = rowsOf(b, grid.strides, rows);
        const cells = b.op('Add', [rowsOf(b, grid.cells, rows), b.float(cellOffset)]);
        const means = expectation(b, rowsOf(b, distances, rows), bins);
        return cornersOfDistances(b, b.op('Mul', [cells, steps]), b.op('Mul', [means, steps]));
      },
    };
  },
});

function stacked(context: DecodeContext, names: readonly string[], last: number): Value {
  const { builder: b } = context;
  return b.concat(
    names.map((name) => asRows(b, networkOutput(context, name, last), last)),
    0,
  );
}

function merged(context: DecodeContext, name: string | undefined, classes: number, sides: number) {
  const { builder: b } = context;
  const all = asRows(b, networkOutput(context, name, classes + sides), classes + sides);
  return { scores: b.narrow(all, 1, 0, classes), distances: b.narrow(all, 1, classes, classes + sides) };
}

/** Logits float32 [K, 4·bins] → the mean bin of each side, float32 [K, 4]. */
function expectation(b: GraphBuilder, logits: Value, bins: number): Value {
  const shares = b.op('Softmax', [b.reshape(logits, [-1, bins])], { axis: 1 });
  const places = b.floats(
    Array.from({ length: bins }, (_, i) => i),
    [bins, 1],
  );
  return b.reshape(b.op('MatMul', [shares, places]), [-1, 4]);
}
