import { type Box, boxCentre, KEYPOINT_NAMES } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import type { Sighting } from './tracker.ts';

type Polygon = InferenceOptions['view']['doorway'];
type Point = { readonly x: number; readonly y: number };

const ANKLES = [KEYPOINT_NAMES.indexOf('left_ankle'), KEYPOINT_NAMES.indexOf('right_ankle')];
const SURE_JOINT = 0.3;

/**
 * Leaves out who is seen through the open door: whoever stands on the landing, with the feet beyond the sill.
 * @param doorway corners of the door opening in the picture; fewer than three leave everybody in
 */
export function insideCabin(sightings: readonly Sighting[], doorway: Polygon): readonly Sighting[] {
  if (doorway.length < 3) return sightings;
  return sightings.filter((sighting) => {
    const feet = feetOf(sighting);
    // Where somebody else stands before them the feet may be anywhere: who is not known to be out is in.
    const hidden = !feet.seen && sightings.some((other) => other !== sighting && covers(other.box, feet));
    return hidden || !contains(doorway, feet);
  });
}

const covers = (box: Box, { x, y }: Point): boolean =>
  x >= box.x1 && x <= box.x2 && y >= box.y1 && y < box.y2;

/** Between the ankles where they are seen; otherwise where the box ends. */
function feetOf({ box, keypoints }: Sighting): Point & { readonly seen: boolean } {
  const ankles = ANKLES.flatMap((i) => keypoints?.[i] ?? []).filter((k) => k.score >= SURE_JOINT);
  if (ankles.length === 0) return { x: boxCentre(box).x, y: box.y2, seen: false };
  const mean = (of: (p: Point) => number): number => ankles.reduce((s, k) => s + of(k), 0) / ankles.length;
  return { x: mean((k) => k.x), y: mean((k) => k.y), seen: true };
}

/** Even-odd rule: a ray to the right crosses the outline an odd number of times. */
function contains(polygon: Polygon, { x, y }: Point): boolean {
  let inside = false;
  polygon.forEach(([x1 = 0, y1 = 0], i) => {
    const [x2 = 0, y2 = 0] = polygon[(i + 1) % polygon.length] ?? [];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}
