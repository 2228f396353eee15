import { GRID_CELLS, GRID_COLUMNS, GRID_ROWS } from './sampler.ts';

export interface BackgroundOptions {
  /** Time constant of learning, s. */
  readonly learnSeconds: number;
  /** Difference in log brightness that makes a cell foreground. */
  readonly cellForeground: number;
}

export interface Background {
  /** Share of cells that differ from the empty cabin, 0–1; 0 before one is learnt. */
  compare(cells: Float32Array): number;
  /** The cells that differed in the last comparison, 1 each; undefined before the empty cabin is learnt. */
  readonly differing: Uint8Array | undefined;
  /** Takes the cells compared last as the empty cabin's, as far as the time since the last learning allows. */
  learn(ts: number): void;
}

/** Keeps logarithms finite and calms dark cells, where noise is large against the signal. */
const FLOOR = 0.04;
/** An empty cabin must have been seen for this long before anything counts as different from it. */
const WARM_UP_MS = 1500;
const FITS = 3;
/** Log brightness spans ln(0.04)…ln(1.04), so differences stay within this. */
const LOG_RANGE = 3.3;

/**
 * The slowly learnt empty cabin, as log brightness of the grid. Light multiplies brightness and varies smoothly
 * over the picture, so a plane fitted robustly to the log differences is taken off before cells are judged: a lamp
 * that is switched makes no foreground, a person does.
 */
export function createBackground(options: BackgroundOptions): Background {
  const learnt = new Float32Array(GRID_CELLS);
  const logs = new Float32Array(GRID_CELLS);
  const difference = new Float32Array(GRID_CELLS);
  const differs = new Uint8Array(GRID_CELLS);
  let compared = false;
  let since: number | undefined;
  let last = 0;

  return {
    compare(cells) {
      for (let i = 0; i < GRID_CELLS; i++) logs[i] = Math.log(cells[i]! + FLOOR);
      if (since === undefined || last - since < WARM_UP_MS) return 0;
      for (let i = 0; i < GRID_CELLS; i++) difference[i] = logs[i]! - learnt[i]!;
      const light = fitLight(difference, options.cellForeground);
      let count = 0;
      for (let i = 0; i < GRID_CELLS; i++) {
        const apart = Math.abs(difference[i]! - lightAt(light, i)) > options.cellForeground ? 1 : 0;
        differs[i] = apart;
        count += apart;
      }
      compared = true;
      return count / GRID_CELLS;
    },
    get differing() {
      return compared ? differs : undefined;
    },
    learn(ts) {
      const elapsed = Math.max(0, ts - last);
      const rate = since === undefined ? 1 : 1 - Math.exp(-elapsed / (options.learnSeconds * 1000));
      since ??= ts;
      last = Math.max(last, ts);
      for (let i = 0; i < GRID_CELLS; i++) {
        learnt[i] = learnt[i]! + rate * (logs[i]! - learnt[i]!);
      }
    },
  };
}

interface Plane {
  a: number;
  b: number;
  c: number;
}

const xOf = (cell: number): number => ((cell % GRID_COLUMNS) + 0.5) / GRID_COLUMNS - 0.5;
const yOf = (cell: number): number => (Math.floor(cell / GRID_COLUMNS) + 0.5) / GRID_ROWS - 0.5;
const XS = Float32Array.from({ length: GRID_CELLS }, (_, i) => xOf(i));
const YS = Float32Array.from({ length: GRID_CELLS }, (_, i) => yOf(i));

const lightAt = (p: Plane, cell: number): number => p.a + p.b * XS[cell]! + p.c * YS[cell]!;

/** Plane through the differences by least squares over the cells near it, from the median outwards. */
function fitLight(difference: Float32Array, tolerance: number): Plane {
  let plane: Plane = { a: median(difference, LOG_RANGE), b: 0, c: 0 };
  for (let fit = 0; fit < FITS; fit++) plane = refit(plane, difference, tolerance * (FITS - fit));
  return plane;
}

function refit(plane: Plane, difference: Float32Array, reach: number): Plane {
  let n = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  let sd = 0;
  let sdx = 0;
  let sdy = 0;
  for (let i = 0; i < GRID_CELLS; i++) {
    const d = difference[i]!;
    if (Math.abs(d - lightAt(plane, i)) > reach) continue;
    const x = XS[i]!;
    const y = YS[i]!;
    n++;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
    sd += d;
    sdx += d * x;
    sdy += d * y;
  }
  if (n < GRID_CELLS / 8) return plane;
  const vxx = sxx - (sx * sx) / n;
  const vxy = sxy - (sx * sy) / n;
  const vyy = syy - (sy * sy) / n;
  const vdx = sdx - (sd * sx) / n;
  const vdy = sdy - (sd * sy) / n;
  const det = vxx * vyy - vxy * vxy;
  if (!(det > 1e-6)) return { a: sd / n, b: 0, c: 0 };
  const b = (vdx * vyy - vdy * vxy) / det;
  const c = (vdy * vxx - vdx * vxy) / det;
  return { a: (sd - b * sx - c * sy) / n, b, c };
}

const BINS = 1024;
const bins = new Uint16Array(BINS);

/** Median of the cells' values, which lie within ±range, to 1/512 of the range; counting is cheaper than sorting. */
export function median(values: Float32Array, range: number): number {
  bins.fill(0);
  const scale = BINS / (2 * range);
  for (let i = 0; i < GRID_CELLS; i++) {
    const bin = (values[i]! + range) * scale;
    bins[bin <= 0 ? 0 : bin >= BINS ? BINS - 1 : bin | 0]!++;
  }
  let bin = 0;
  for (let below = bins[0]!; below <= GRID_CELLS / 2; below += bins[++bin]!);
  return (bin + 0.5) / scale - range;
}
