import { Type } from 'typebox';
import { anchorGrid } from '../graph/anchor-grid.ts';
import { asRows, cornersOfCentres, defineFamily, networkOutput, rowsOf } from './family.ts';

const options = Type.Object({
  strides: Type.Array(Type.Integer({ minimum: 1 }), {
    minItems: 1,
    default: [8, 16, 32],
    description: 'Pixels a cell of each feature level, finest first.',
  }),
  decoded: Type.Boolean({
    default: false,
    description: 'True for a network exported with --decode_in_inference, whose boxes are already pixels.',
  }),
  output: Type.Optional(Type.String({ description: 'The output to read; left out: the only one.' })),
});

/**
 * YOLOX (Megvii, Apache-2.0) as its own exporter writes it: [1, N, 5 + classes], a row a cell: x and y relative to
 * the cell and log width and height, all in strides; objectness and class scores after sigmoid.
 */
export const yolox = defineFamily({
  task: 'detect',
  options,
  decode(context, { strides, decoded, output }) {
    const { builder: b, classes, size } = context;
    const all = asRows(b, networkOutput(context, output, 5 + classes), 5 + classes);
    return {
      scores: b.op('Mul', [b.narrow(all, 1, 4, 5), b.narrow(all, 1, 5, 5 + classes)]),
      suppress: true,
      boxesOf(rows) {
        const raw = b.narrow(rowsOf(b, all, rows), 1, 0, 4);
        if (decoded) return cornersOfCentres(b, raw);
        const grid = anchorGrid(b, size, strides);
        const steps = rowsOf(b, grid.strides, rows);
        const centre = b.op('Add', [b.narrow(raw, 1, 0, 2), rowsOf(b, grid.cells, rows)]);
        const extent = b.op('Exp', [b.narrow(raw, 1, 2, 4)]);
        return cornersOfCentres(b, b.op('Mul', [b.concat([centre, extent], 1), steps]));
      },
    };
  },
});
