import type { Box } from '../../core/index.ts';
import type { Random } from '../synthetic/random.ts';

/** Part of a picture, pixels, and how large it is drawn. */
export interface Cut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Mirrored left to right. */
  readonly mirrored: boolean;
}

const ASPECTS = [16 / 9, 16 / 9, 4 / 3, 4 / 3, 1.2, 1, 0.8];
/** So much of a thing a cut must keep to be taken gladly. */
const KEPT = 0.75;
const TRIES = 25;

/** A random part of a picture, as another lens or a close look would show it; things stay in it where they can. */
export function randomCut(
  { width, height }: { readonly width: number; readonly height: number },
  boxes: readonly Box[],
  random: Random,
): Cut {
  const aspect = random.pick(ASPECTS);
  const mirrored = random.chance(0.5);
  let cut: Cut = { left: 0, top: 0, width, height, mirrored };
  for (let i = 0; i < TRIES; i++) {
    const scale = random.chance(0.75) ? random.between(0.5, 1) : 1;
    const w = Math.floor(Math.min(width * scale, height * scale * aspect));
    const h = Math.floor(Math.min(height, w / aspect));
    cut = {
      left: Math.floor(random.between(0, width - w)),
      top: Math.floor(random.between(0, height - h)),
      width: w,
      height: h,
      mirrored,
    };
    if (boxes.every((box) => seenShare(cutBox(box, cut, width, height)) >= KEPT)) break;
  }
  return cut;
}

/** A box in a cut: x1, y1, x2, y2 as shares of the cut, reaching beyond 0…1 where the cut cuts it. */
export function cutBox(box: Box, cut: Cut, width: number, height: number): Box {
  const x = (value: number): number => (value * width - cut.left) / cut.width;
  const y = (value: number): number => (value * height - cut.top) / cut.height;
  const [x1, x2] = cut.mirrored ? [1 - x(box.x2), 1 - x(box.x1)] : [x(box.x1), x(box.x2)];
  return { x1, y1: y(box.y1), x2, y2: y(box.y2) };
}

/** Share of a box that lies within 0…1. */
export function seenShare(box: Box): number {
  const seen = inside(box);
  return (
    (Math.max(0, seen.x2 - seen.x1) * Math.max(0, seen.y2 - seen.y1)) /
    ((box.x2 - box.x1) * (box.y2 - box.y1))
  );
}

/** The part of a box within 0…1. */
export function inside({ x1, y1, x2, y2 }: Box): Box {
  return { x1: Math.max(0, x1), y1: Math.max(0, y1), x2: Math.min(1, x2), y2: Math.min(1, y2) };
}
