import type { Box } from '../../core/index.ts';

/** Value and speed of one coordinate with their covariance. */
interface Axis {
  x: number;
  v: number;
  xx: number;
  xv: number;
  vv: number;
}

export interface KalmanBox {
  /** Where the box is expected at `ts`; nothing is changed. */
  predict(ts: number): Box;
  /** Takes in a box seen at `ts`. Times must not fall. */
  correct(box: Box, ts: number): void;
}

/** How wrong a detector's box is, as a share of its size. */
const SEEN_SD = 0.06;
/** Unforeseen acceleration, box sizes per s². People in a cabin start and stop within a step. */
const JERKY_SD = 1.2;
/** Unforeseen change of size, sizes per s²: people turn and bend more slowly than they step. */
const RESIZE_SD = 0.5;
/** Someone unseen is taken to walk on for this long, s, */
const WALK_SECONDS = 1;
/** and then to slow down with this time constant, s: the cabin is small. */
const STOP_SECONDS = 0.5;
const LEAST_SIZE = 0.01;

/**
 * Constant-velocity Kalman filter over centre and size. As in SORT and ByteTrack the four
 * coordinates are independent, so each is a 2×2 filter; the time step is whatever lies between two looks.
 */
export function createKalmanBox(box: Box, start: number): KalmanBox {
  const seen = centreAndSize(box);
  const axes: Axis[] = seen.map((x, i) => {
    const sd = scaleOf(seen, i);
    return { x, v: 0, xx: (2 * SEEN_SD * sd) ** 2, xv: 0, vv: (0.5 * sd) ** 2 };
  });
  let last = start;

  return {
    predict(ts) {
      const coast = coastTime(seconds(last, ts));
      const at = axes.map((axis) => axis.x + axis.v * coast);
      return toBox(at);
    },
    correct(next, ts) {
      const dt = seconds(last, ts);
      last = Math.max(last, ts);
      const z = centreAndSize(next);
      for (const [i, axis] of axes.entries()) {
        const scale = scaleOf(z, i);
        advance(axis, dt, (i < 2 ? JERKY_SD : RESIZE_SD) * scale);
        update(axis, z[i]!, SEEN_SD * scale);
      }
    },
  };
}

const seconds = (from: number, to: number): number => Math.max(0, to - from) / 1000;
/** The share of the speed that is left after `dt` s unseen. */
const fadeAfter = (dt: number): number => Math.exp(-Math.max(0, dt - WALK_SECONDS) / STOP_SECONDS);
/** For how many seconds' worth of speed the box has moved after `dt` s unseen. */
const coastTime = (dt: number): number => Math.min(dt, WALK_SECONDS) + STOP_SECONDS * (1 - fadeAfter(dt));

function centreAndSize(b: Box): number[] {
  return [(b.x1 + b.x2) / 2, (b.y1 + b.y2) / 2, b.x2 - b.x1, b.y2 - b.y1];
}

/** Errors of x and width go with the width, those of y and height with the height. */
function scaleOf(z: readonly number[], axis: number): number {
  return Math.max(LEAST_SIZE, axis % 2 === 0 ? z[2]! : z[3]!);
}

function toBox(at: readonly number[]): Box {
  const w = Math.max(LEAST_SIZE, at[2]!) / 2;
  const h = Math.max(LEAST_SIZE, at[3]!) / 2;
  return { x1: at[0]! - w, y1: at[1]! - h, x2: at[0]! + w, y2: at[1]! + h };
}

function advance(axis: Axis, dt: number, noise: number): void {
  const reach = coastTime(dt);
  const fade = fadeAfter(dt);
  const q = noise * noise;
  axis.x += axis.v * reach;
  axis.v *= fade;
  axis.xx += 2 * reach * axis.xv + reach * reach * axis.vv + (q * dt ** 4) / 4;
  axis.xv = fade * (axis.xv + reach * axis.vv) + (q * dt ** 3) / 2;
  axis.vv = fade * fade * axis.vv + q * dt * dt;
}

function update(axis: Axis, z: number, sd: number): void {
  const s = axis.xx + sd * sd;
  const kx = axis.xx / s;
  const kv = axis.xv / s;
  const error = z - axis.x;
  axis.x += kx * error;
  axis.v += kv * error;
  axis.vv -= kv * axis.xv;
  axis.xv *= 1 - kx;
  axis.xx *= 1 - kx;
}
