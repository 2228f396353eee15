import { Type } from 'typebox';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import { type Candidates, type DecodeContext, defineFamily, networkOutput, rowsOf } from './family.ts';

const JOINTS = 17;

const output = Type.Optional(Type.String({ description: 'The output to read; left out: the only one.' }));

/**
 * MoveNet multipose (Google, Apache-2.0): [1, people, 56], a row a person: 17 × (y, x, score), then the box as
 * ymin, xmin, ymax, xmax and the person's score, all normalised to the network's input.
 */
export const movenetMultipose = defineFamily({
  task: 'pose',
  options: Type.Object({ output }),
  decode(context, options): Candidates {
    const { builder: b, size } = context;
    const people = b.reshape(networkOutput(context, options.output, JOINTS * 3 + 5), [-1, JOINTS * 3 + 5]);
    const box = JOINTS * 3;
    return {
      scores: b.narrow(people, 1, box + 4, box + 5),
      suppress: true,
      boxesOf(rows) {
        const sides = b.narrow(rowsOf(b, people, rows), 1, box, box + 4);
        const corners = b.op('Gather', [sides, b.ints([1, 0, 3, 2])], { axis: 1 });
        return b.op('Mul', [corners, b.concat([size, size], 0)]);
      },
      keypointsOf: (rows) =>
        joints(context, b.reshape(b.narrow(rowsOf(b, people, rows), 1, 0, box), [-1, JOINTS, 3])),
    };
  },
});

/**
 * MoveNet lightning and thunder (Google, Apache-2.0): [1, 1, 17, 3], one person's y, x, score, normalised to the
 * network's input. The person's score is the mean over the joints; the box is drawn around the joints that are at
 * least as sure as half of it.
 */
export const movenetSinglepose = defineFamily({
  task: 'pose',
  options: Type.Object({ output }),
  decode(context, options): Candidates {
    const { builder: b } = context;
    const points = joints(context, b.reshape(networkOutput(context, options.output, 3), [1, JOINTS, 3]));
    const sure = b.narrow(points, 2, 2, 3);
    const score = b.reduce('Mean', sure, [1], false);
    return {
      scores: score,
      suppress: false,
      boxesOf(rows) {
        const xy = b.narrow(points, 2, 0, 2);
        const seen = b.op('Greater', [sure, b.op('Mul', [b.unsqueeze(score, [1]), b.float(0.5)])]);
        const low = b.reduce('Min', b.op('Where', [seen, xy, b.float(1e9)]), [1], false);
        const high = b.reduce('Max', b.op('Where', [seen, xy, b.float(-1e9)]), [1], false);
        return rowsOf(b, b.concat([low, high], 1), rows);
      },
      keypointsOf: (rows) => rowsOf(b, points, rows),
    };
  },
});

/** y, x, score normalised → x, y in network pixels, score; float32 [K, 17, 3]. */
function joints({ builder: b, size }: DecodeContext, yxScore: Value): Value {
  return b.op('Mul', [xyFirst(b, yxScore), b.concat([size, b.floats([1])], 0)]);
}

function xyFirst(b: GraphBuilder, value: Value): Value {
  return b.op('Gather', [value, b.ints([1, 0, 2])], { axis: 2 });
}
