import { DISTANCE_REACH, DISTANCE_UNIT } from '../added-head/write-head.ts';
import type { Grid, PixelBox } from './sample.ts';

export interface Found {
  readonly box: PixelBox;
  readonly score: number;
}

/** Two boxes that overlap by more are one thing. */
const SAME = 0.6;

/** What the head's raw answers [rows · columns, 5] say, strongest first, as the built graph reads them. */
export function foundIn(raw: Float32Array, grid: Grid, least: number): Found[] {
  const all: Found[] = [];
  for (let at = 0; at < grid.rows * grid.columns; at++) {
    const score = 1 / (1 + Math.exp(-(raw[at * 5] as number)));
    if (score < least) continue;
    const x = ((at % grid.columns) + 0.5) * grid.stride;
    const y = (Math.floor(at / grid.columns) + 0.5) * grid.stride;
    const [l, t, r, b] = [1, 2, 3, 4].map((i) => distance(raw[at * 5 + i] as number)) as [
      number,
      number,
      number,
      number,
    ];
    all.push({ score, box: [x - l, y - t, x + r, y + b] });
  }
  all.sort((a, b) => b.score - a.score);
  const kept: Found[] = [];
  for (const found of all) if (kept.every(({ box }) => overlap(box, found.box) <= SAME)) kept.push(found);
  return kept;
}

const distance = (x: number): number =>
  Math.exp(Math.min(DISTANCE_REACH, Math.max(-DISTANCE_REACH, x))) * DISTANCE_UNIT;

/** Intersection over union. */
export function overlap(a: PixelBox, b: PixelBox): number {
  const common = area([
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[2], b[2]),
    Math.min(a[3], b[3]),
  ]);
  return common / (area(a) + area(b) - common);
}

const area = ([x1, y1, x2, y2]: PixelBox): number => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
