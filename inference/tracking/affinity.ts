import { type Box, boxHeight, boxWidth, iou } from '../../core/index.ts';

/**
 * How well a seen box fits an expected one, 0–1. IoU alone is 0 for someone who walked a box width between two looks
 * at 1–5 fps, so the distance of the centres, in box sizes, speaks too.
 * @param slack 0 for a fresh expectation, growing with the time it is old
 */
export function affinity(expected: Box, seen: Box, slack: number): number {
  const w = Math.max(boxWidth(expected), boxWidth(seen), 1e-6) * (1 + slack);
  const h = Math.max(boxHeight(expected), boxHeight(seen), 1e-6) * (1 + slack);
  const dx = (expected.x1 + expected.x2 - seen.x1 - seen.x2) / 2 / w;
  const dy = (expected.y1 + expected.y2 - seen.y1 - seen.y2) / 2 / h;
  const near = Math.exp(-2 * (dx * dx + dy * dy));
  return 0.5 * iou(expected, seen) + 0.5 * near * likeSize(expected, seen);
}

/** 1 for equal areas, falling to 0.5 at a fourfold difference: people bend and are cut off, but only so far. */
function likeSize(a: Box, b: Box): number {
  const areaA = Math.max(boxWidth(a) * boxHeight(a), 1e-9);
  const areaB = Math.max(boxWidth(b) * boxHeight(b), 1e-9);
  return Math.sqrt(Math.min(areaA, areaB) / Math.max(areaA, areaB));
}

/** Distance between the centres, picture widths and heights alike taken as 1. */
export function centreDistance(a: Box, b: Box): number {
  return Math.hypot((a.x1 + a.x2 - b.x1 - b.x2) / 2, (a.y1 + a.y2 - b.y1 - b.y2) / 2);
}
