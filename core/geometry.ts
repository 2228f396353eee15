/** A rectangle normalised to 0–1 of the camera picture: x to the right, y down, x1 ≤ x2, y1 ≤ y2. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export const WHOLE_PICTURE: Box = Object.freeze({ x1: 0, y1: 0, x2: 1, y2: 1 });

export const boxWidth = (b: Box): number => Math.max(0, b.x2 - b.x1);
export const boxHeight = (b: Box): number => Math.max(0, b.y2 - b.y1);
export const boxArea = (b: Box): number => boxWidth(b) * boxHeight(b);

export function boxCentre(b: Box): { x: number; y: number } {
  return { x: (b.x1 + b.x2) / 2, y: (b.y1 + b.y2) / 2 };
}

export function intersectionArea(a: Box, b: Box): number {
  const w = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const h = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Intersection over union, 0–1. Two empty boxes give 0. */
export function iou(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  const union = boxArea(a) + boxArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** The share of `inner` that lies inside `outer`, 0–1. */
export function shareInside(inner: Box, outer: Box): number {
  const area = boxArea(inner);
  return area > 0 ? intersectionArea(inner, outer) / area : 0;
}

export function unionBox(a: Box, b: Box): Box {
  return {
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
    x2: Math.max(a.x2, b.x2),
    y2: Math.max(a.y2, b.y2),
  };
}

export function clampBox(b: Box): Box {
  const c = (v: number): number => Math.min(1, Math.max(0, v));
  return { x1: c(b.x1), y1: c(b.y1), x2: c(b.x2), y2: c(b.y2) };
}

/** The box grown by `share` of its size on every side, kept inside the picture. */
export function growBox(b: Box, share: number): Box {
  const dx = boxWidth(b) * share;
  const dy = boxHeight(b) * share;
  return clampBox({ x1: b.x1 - dx, y1: b.y1 - dy, x2: b.x2 + dx, y2: b.y2 + dy });
}
