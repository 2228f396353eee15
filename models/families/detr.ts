import { Type } from 'typebox';
import { asRows, cornersOfCentres, defineFamily, networkOutput, rowsOf } from './family.ts';

const options = Type.Object({
  logits: Type.String({
    default: 'logits',
    description: 'The output of class logits, [1, queries, classes].',
  }),
  boxes: Type.String({
    default: 'pred_boxes',
    description: 'The output of boxes, [1, queries, 4]: centre and size, normalised to the network input.',
  }),
  activation: Type.Union([Type.Literal('sigmoid'), Type.Literal('softmax')], {
    default: 'sigmoid',
    description:
      'sigmoid: RT-DETR, D-FINE, Deformable DETR. softmax: DETR itself, whose logits have one class more, "no object", at the end.',
  }),
});

/** DETR and its descendants: a fixed set of queries, each one thing or nothing, without non-maximum suppression. */
export const detr = defineFamily({
  task: 'detect',
  options,
  decode(context, { logits, boxes, activation }) {
    const { builder: b, classes, size } = context;
    const columns = activation === 'softmax' ? classes + 1 : classes;
    const raw = asRows(b, networkOutput(context, logits, columns), columns);
    const centres = asRows(b, networkOutput(context, boxes, 4), 4);
    return {
      scores:
        activation === 'softmax'
          ? b.narrow(b.op('Softmax', [raw], { axis: 1 }), 1, 0, classes)
          : b.op('Sigmoid', [raw]),
      suppress: false,
      boxesOf: (rows) =>
        b.op('Mul', [cornersOfCentres(b, rowsOf(b, centres, rows)), b.concat([size, size], 0)]),
    };
  },
});
