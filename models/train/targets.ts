import type { Grid, PictureTruth, PixelBox } from './sample.ts';

/** What the head is to say in each cell of one picture. */
export interface Targets {
  /** 1: the thing's; 0: not, though it may be at its rim; −1: nothing is learnt here. */
  readonly cells: Int8Array;
  /** Distances from the cell's middle to left, top, right and bottom of its thing, pixels; zero where not 1. */
  readonly distances: Float32Array;
}

/** Share of the box, each way from its middle, whose cells are the thing's. */
const CORE = 0.25;
/** Small things own at least this many cells each way from their middle. */
const LEAST_CORE = 0.75;

/**
 * Cells near the middle of a box are its own, all others background: a thing found from its rim too is found several
 * times, with boxes that are worse.
 */
export function targetsOf({ boxes, ignored }: PictureTruth, grid: Grid): Targets {
  const { rows, columns, stride } = grid;
  const cells = new Int8Array(rows * columns);
  const distances = new Float32Array(rows * columns * 4);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
      const holds = ([x1, y1, x2, y2]: PixelBox): boolean => x > x1 && x < x2 && y > y1 && y < y2;
      const owner = boxes.find((box) => holds(box) && inCore(box, x, y, stride));
      if (owner) {
        cells[at] = 1;
        distances.set([x - owner[0], y - owner[1], owner[2] - x, owner[3] - y], at * 4);
      } else if (ignored.some(holds)) cells[at] = -1;
    }
  }
  return { cells, distances };
}

function inCore([x1, y1, x2, y2]: PixelBox, x: number, y: number, stride: number): boolean {
  const reach = (low: number, high: number): number => Math.max((high - low) * CORE, stride * LEAST_CORE);
  return Math.abs(x - (x1 + x2) / 2) < reach(x1, x2) && Math.abs(y - (y1 + y2) / 2) < reach(y1, y2);
}
