import {
  type Box,
  createFrame,
  type Detection,
  type Detector,
  type Frame,
  type Pose,
  type PoseEstimator,
} from '../../core/index.ts';

/** A detector that answers what the script says for the frame's time; for tests. */
export function scriptedDetector(
  script: (ts: number, region?: Box) => Detection[],
): Detector & { calls: Box[] } {
  const calls: Box[] = [];
  return {
    labels: ['person', 'bicycle', 'motorcycle'],
    calls,
    async detect(frame, region) {
      calls.push(region ?? { x1: 0, y1: 0, x2: 1, y2: 1 });
      return script(frame.ts, region);
    },
    async close() {},
  };
}

export function scriptedPose(script: (ts: number) => Pose[]): PoseEstimator & { calls: number } {
  return {
    calls: 0,
    async estimate(frame) {
      this.calls++;
      return script(frame.ts);
    },
    async close() {},
  };
}

/** Seeded noise in 0–1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Painted {
  readonly liftId?: string;
  /** 1 is normal light. */
  readonly light?: number;
  /** How much brighter the right edge is lit than the left, as a share. */
  readonly tilt?: number;
  /** Dark figures in front of the cabin. */
  readonly figures?: readonly Box[];
  readonly grey?: boolean;
  /** 0: none, so that equal scenes give equal bytes. */
  readonly noise?: number;
  readonly covered?: boolean;
  readonly onClose?: () => void;
}

const WIDTH = 160;
const HEIGHT = 90;

/** A small picture of a steel cabin with wall joints, a floor and sensor noise. */
export function paintFrame(ts: number, p: Painted = {}): Frame {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  const random = seeded(ts + 1);
  const noise = p.noise ?? 3;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const light = (p.light ?? 1) * (1 + (p.tilt ?? 0) * (x / WIDTH - 0.5));
      const value = p.covered ? 60 : light * shade(x / WIDTH, y / HEIGHT, p.figures ?? []);
      const v = value + (random() - 0.5) * 2 * noise;
      const at = (y * WIDTH + x) * 3;
      data[at] = clampByte(v);
      data[at + 1] = clampByte(p.grey ? v : v * 0.94);
      data[at + 2] = clampByte(p.grey ? v : v * 0.85);
    }
  }
  return createFrame({ liftId: p.liftId ?? 'lift-1', ts, width: WIDTH, height: HEIGHT }, data, p.onClose);
}

function shade(x: number, y: number, figures: readonly Box[]): number {
  if (figures.some((f) => x >= f.x1 && x <= f.x2 && y >= f.y1 && y <= f.y2)) return 45;
  if (y > 0.75) return 90;
  return x * 5 - Math.floor(x * 5) < 0.08 ? 70 : 150;
}

const clampByte = (v: number): number => Math.max(0, Math.min(255, Math.round(v)));
