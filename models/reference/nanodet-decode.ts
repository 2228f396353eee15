import { type Detection, iou } from '../../core/index.ts';

export interface NanodetLevel {
  readonly stride: number;
  /** [cells, classes], after sigmoid */
  readonly scores: ArrayLike<number>;
  /** [cells, 4 · bins], logits */
  readonly distances: ArrayLike<number>;
}

export interface NanodetDecoding {
  readonly labels: readonly string[];
  readonly bins: number;
  /** Of the network's input, pixels. */
  readonly width: number;
  readonly scoreThreshold: number;
  readonly iou: number;
}

/**
 * NanoDet's decoding and per-class non-maximum suppression, written plainly, one cell after another. The built graphs
 * are held to it.
 * @returns boxes in network pixels, by falling score
 */
export function referenceNanodet(levels: readonly NanodetLevel[], options: NanodetDecoding): Detection[] {
  const found = levels.flatMap((level) => candidates(level, options));
  found.sort((a, b) => b.score - a.score);
  const kept: Detection[] = [];
  for (const candidate of found) {
    const doubled = kept.some(
      (other) => other.label === candidate.label && iou(other.box, candidate.box) > options.iou,
    );
    if (!doubled) kept.push(candidate);
  }
  return kept;
}

function candidates(level: NanodetLevel, options: NanodetDecoding): Detection[] {
  const { labels, width } = options;
  const columns = Math.ceil(width / level.stride);
  const cells = level.scores.length / labels.length;
  const found: Detection[] = [];
  for (let cell = 0; cell < cells; cell++) {
    for (const [index, label] of labels.entries()) {
      const score = level.scores[cell * labels.length + index] as number;
      if (score > options.scoreThreshold) {
        found.push({ label, score, box: box(level, cell, columns, options.bins) });
      }
    }
  }
  return found;
}

function box({ stride, distances }: NanodetLevel, cell: number, columns: number, bins: number) {
  const side = (index: number): number => mean(distances, (cell * 4 + index) * bins, bins) * stride;
  const x = ((cell % columns) + 0.5) * stride;
  const y = (Math.floor(cell / columns) + 0.5) * stride;
  return { x1: x - side(0), y1: y - side(1), x2: x + side(2), y2: y + side(3) };
}

/** The mean of a distribution given as logits over 0, 1, 2 … */
function mean(logits: ArrayLike<number>, from: number, bins: number): number {
  const values = Array.from({ length: bins }, (_, i) => logits[from + i] as number);
  const highest = Math.max(...values);
  const weights = values.map((value) => Math.exp(value - highest));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.reduce((sum, weight, i) => sum + weight * i, 0) / total;
}
