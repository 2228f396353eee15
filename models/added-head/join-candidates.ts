import type { Candidates } from '../families/family.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

/** One network's candidates with another's after them; the second's classes follow the first's. */
export function joinCandidates(
  b: GraphBuilder,
  first: Candidates,
  second: Candidates,
  classes: { readonly first: number; readonly second: number },
): Candidates {
  const count = b.narrow(b.op('Shape', [first.scores]), 0, 0, 1);
  const padded = (scores: Value, before: number, after: number): Value =>
    b.op('Pad', [scores, b.ints([0, before, 0, after]), b.float(0)], { mode: 'constant' });
  return {
    scores: b.concat([padded(first.scores, 0, classes.second), padded(second.scores, classes.first, 0)], 0),
    suppress: first.suppress,
    boxesOf(rows) {
      // Each side answers for all rows; the wrong side's rows are clamped to ones it has and not used.
      const last = b.op('Sub', [count, b.ints([1])]);
      const inFirst = b.unsqueeze(b.op('Less', [rows, count]), [1]);
      const ofFirst = first.boxesOf(b.op('Min', [rows, last]));
      const ofSecond = second.boxesOf(b.op('Max', [b.op('Sub', [rows, count]), b.ints([0])]));
      return b.op('Where', [inFirst, ofFirst, ofSecond]);
    },
  };
}
