import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

export interface SelectionOptions {
  /** Two boxes of one class that overlap by more than this are one thing; undefined where the network sees to it. */
  readonly iou: number | undefined;
  readonly maxDetections: number;
}

export interface Selection {
  /** int64 [S], rows of the candidates, by falling score. */
  readonly rows: Value;
  /** int64 [S] */
  readonly classes: Value;
  /** float32 [S] */
  readonly scores: Value;
  /** float32 [S, 4] */
  readonly boxes: Value;
}

/**
 * Thresholds, per-class non-maximum suppression and sorting, in the graph. Boxes are only decoded for candidates with
 * a class above the threshold, which are few.
 * @param scores float32 [N, C]
 * @param boxesOf rows int64 [K] → boxes float32 [K, 4] as x1,y1,x2,y2 in any one unit
 * @param threshold float32 [1]
 */
export function select(
  b: GraphBuilder,
  scores: Value,
  boxesOf: (rows: Value) => Value,
  threshold: Value,
  options: SelectionOptions,
): Selection {
  const best = b.reduce('Max', scores, [1], false);
  const rows = flat(b, b.op('NonZero', [b.op('Greater', [best, threshold])]));
  const candidateScores = b.op('Gather', [scores, rows], { axis: 0 });
  const candidateBoxes = boxesOf(rows);
  const pairs =
    options.iou === undefined
      ? pairsAbove(b, candidateScores, threshold)
      : suppress(b, candidateScores, candidateBoxes, threshold, options.iou, options.maxDetections);
  return strongest(b, { pairs, rows, candidateScores, candidateBoxes }, options.maxDetections);
}

const flat = (b: GraphBuilder, value: Value): Value => b.reshape(value, [-1]);

/** int64 [S, 2]: row, class */
function pairsAbove(b: GraphBuilder, scores: Value, threshold: Value): Value {
  return b.transpose(b.op('NonZero', [b.op('Greater', [scores, threshold])]), [1, 0]);
}

function suppress(
  b: GraphBuilder,
  scores: Value,
  boxes: Value,
  threshold: Value,
  iou: number,
  limit: number,
): Value {
  const batched = b.unsqueeze(b.transpose(scores, [1, 0]), [0]);
  const kept = b.op('NonMaxSuppression', [
    b.unsqueeze(boxes, [0]),
    batched,
    b.ints([limit]),
    b.floats([iou]),
    threshold,
  ]);
  return b.op('Gather', [kept, b.ints([2, 1])], { axis: 1 });
}

interface Candidates {
  readonly pairs: Value;
  readonly rows: Value;
  readonly candidateScores: Value;
  readonly candidateBoxes: Value;
}

function strongest(b: GraphBuilder, c: Candidates, limit: number): Selection {
  const scores = b.op('GatherND', [c.candidateScores, c.pairs]);
  const found = b.cast(b.op('Shape', [scores]), 'float32');
  const count = b.cast(b.op('Min', [found, b.floats([limit])]), 'int64');
  const [sorted, order] = b.ops('TopK', [scores, count], 2, { axis: 0 }) as [Value, Value];
  const pairs = b.op('Gather', [c.pairs, order], { axis: 0 });
  const candidate = flat(b, b.narrow(pairs, 1, 0, 1));
  return {
    rows: b.op('Gather', [c.rows, candidate], { axis: 0 }),
    classes: flat(b, b.narrow(pairs, 1, 1, 2)),
    scores: sorted,
    boxes: b.op('Gather', [c.candidateBoxes, candidate], { axis: 0 }),
  };
}
