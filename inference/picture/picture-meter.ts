import type { Box, Frame, PictureStats } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBackground, median } from './background.ts';
import { createPictureSampler, GRID_CELLS, GRID_COLUMNS, GRID_ROWS } from './sampler.ts';

export interface PictureMeter {
  /** Once a frame, in rising `ts`. Borrows the frame for the call. */
  measure(frame: Frame): PictureStats;
  /** Tells that nobody and nothing was in the picture measured last, so that the empty cabin may be learnt from it. */
  learnEmpty(ts: number): void;
  /** Share of cells inside the box that moved since the last `restartMotion()`, 0–1. */
  motionIn(box: Box): number;
  /** Share of cells inside the box that differ from the empty cabin, 0–1; undefined before that is learnt. */
  foregroundIn(box: Box): number | undefined;
  restartMotion(): void;
}

/** Measures the picture itself, without a model. Pure but for what it remembers; under 0.3 ms a frame. */
export function createPictureMeter(options: InferenceOptions['picture']): PictureMeter {
  const sample = createPictureSampler();
  const background = createBackground(options);
  const before = new Float32Array(GRID_CELLS);
  const change = new Float32Array(GRID_CELLS);
  const moved = new Uint8Array(GRID_CELLS);
  const shown = new Float32Array(GRID_CELLS);
  let measured = false;

  /** Brightness that changes everywhere alike is light, not motion: the median change is taken off. */
  function motion(now: Float32Array): number {
    for (let i = 0; i < GRID_CELLS; i++) change[i] = now[i]! - before[i]!;
    const light = median(change, 1);
    let count = 0;
    for (let i = 0; i < GRID_CELLS; i++) {
      if (Math.abs(change[i]! - light) <= options.cellChange) continue;
      count++;
      moved[i] = 1;
    }
    return count / GRID_CELLS;
  }

  /** Compared with the first of the pictures that look alike, so that slow change adds up. */
  function repeats(now: Float32Array): boolean {
    for (let i = 0; i < GRID_CELLS; i++) {
      if (Math.abs(now[i]! - shown[i]!) <= options.repeatTolerance) continue;
      shown.set(now);
      return false;
    }
    return true;
  }

  return {
    measure(frame) {
      const { cells, chroma } = sample(frame);
      const first = !measured;
      measured = true;
      const identical = repeats(cells) && !first;
      const stats: PictureStats = {
        ...spread(cells),
        motion: first || identical ? 0 : motion(cells),
        foreground: background.compare(cells),
        grey: chroma < options.greyChroma,
        identical,
      };
      before.set(cells);
      return stats;
    },
    learnEmpty(ts) {
      if (measured) background.learn(ts);
    },
    motionIn: (box) => shareMarked(moved, box),
    foregroundIn: (box) => background.differing && shareMarked(background.differing, box),
    restartMotion: () => void moved.fill(0),
  };
}

/** Rows of cells at the top and at the bottom where cameras burn in the time and their name: that is there whatever the lens sees. */
const TEXT_ROWS = 2;

/** Mean, standard deviation and mean absolute difference of neighbours, of what the lens sees. */
function spread(cells: Float32Array): { luma: number; contrast: number; detail: number } {
  const from = TEXT_ROWS * GRID_COLUMNS;
  const to = GRID_CELLS - from;
  let sum = 0;
  let squares = 0;
  let steps = 0;
  for (let i = from; i < to; i++) {
    const v = cells[i]!;
    sum += v;
    squares += v * v;
    if (i % GRID_COLUMNS > 0) steps += Math.abs(v - cells[i - 1]!);
    if (i >= from + GRID_COLUMNS) steps += Math.abs(v - cells[i - GRID_COLUMNS]!);
  }
  const rows = GRID_ROWS - 2 * TEXT_ROWS;
  const count = rows * GRID_COLUMNS;
  const luma = sum / count;
  const neighbours = rows * (GRID_COLUMNS - 1) + GRID_COLUMNS * (rows - 1);
  return {
    luma,
    contrast: Math.sqrt(Math.max(0, squares / count - luma * luma)),
    detail: steps / neighbours,
  };
}

function shareMarked(cells: Uint8Array, box: Box): number {
  const x1 = Math.max(0, Math.floor(box.x1 * GRID_COLUMNS));
  const x2 = Math.min(GRID_COLUMNS, Math.ceil(box.x2 * GRID_COLUMNS));
  const y1 = Math.max(0, Math.floor(box.y1 * GRID_ROWS));
  const y2 = Math.min(GRID_ROWS, Math.ceil(box.y2 * GRID_ROWS));
  let count = 0;
  for (let y = y1; y < y2; y++) for (let x = x1; x < x2; x++) count += cells[y * GRID_COLUMNS + x]!;
  const area = Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  return area > 0 ? count / area : 0;
}
