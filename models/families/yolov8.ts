import { Type } from 'typebox';
import { cornersOfCentres, defineFamily, networkOutput, rowsOf } from './family.ts';

const options = Type.Object({
  output: Type.Optional(Type.String({ description: 'The output to read; left out: the only one.' })),
});

/**
 * The layout that YOLOv8, YOLOv9 and YOLO11 share: [1, 4 + classes, N], a column a candidate: centre x, centre y,
 * width and height in network pixels, class scores after sigmoid, no objectness.
 */
export const yolov8 = defineFamily({
  task: 'detect',
  options,
  decode(context, { output }) {
    const { builder: b, classes } = context;
    const channels = 4 + classes;
    const raw = networkOutput(context, output, channels, 1);
    const all = b.transpose(b.reshape(raw, [channels, -1]), [1, 0]);
    return {
      scores: b.narrow(all, 1, 4, channels),
      suppress: true,
      boxesOf: (rows) => cornersOfCentres(b, b.narrow(rowsOf(b, all, rows), 1, 0, 4)),
    };
  },
});
