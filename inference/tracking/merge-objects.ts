import { type Detection, iou, shareInside } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import type { Sighting } from './tracker.ts';

/** Overlap, and share of the smaller inside the larger, from which two boxes are one thing. */
const SAME_IOU = 0.45;
const SAME_NESTED = 0.8;

/**
 * Joins what several passes (whole picture, zoomed crops) and several labels say of one thing. A label that speaks
 * more strongly for an e-bike wins over one of like score, so that a bike called both is followed as one.
 */
export function mergeObjects(
  detections: readonly Detection[],
  labels: InferenceOptions['ebike']['labels'],
): Sighting[] {
  const worth = (d: Detection): number => d.score * (0.5 + 0.5 * (labels[d.label]?.weight ?? 0));
  const ranked = detections.filter((d) => labels[d.label] !== undefined).sort((a, b) => worth(b) - worth(a));
  const kept: Detection[] = [];
  for (const d of ranked) {
    const known = kept.some(
      (k) =>
        iou(k.box, d.box) > SAME_IOU ||
        shareInside(d.box, k.box) > SAME_NESTED ||
        shareInside(k.box, d.box) > SAME_NESTED,
    );
    if (!known) kept.push(d);
  }
  return kept;
}
