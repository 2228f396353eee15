import { type Box, boxCentre, type Keypoint } from '../../core/index.ts';

/**
 * Where "down" is in a picture. A side view has it below the picture everywhere (`undefined`); in a view from
 * the ceiling, upright bodies point away from the spot straight under the lens, the nadir (normalised
 * coordinates, may lie outside the picture).
 */
export type Nadir = { readonly x: number; readonly y: number } | undefined;

/** How a body is held. Lengths are in picture heights, so that they are the same across and along. */
export interface Posture {
  /** Angle between the spine (hips → shoulders) and upright, degrees 0–180; undefined when the joints are hidden. */
  readonly torsoAngle: number | undefined;
  /** Length of the spine as seen. */
  readonly torsoLength: number | undefined;
  /** Heights of the body's parts along "up", from an arbitrary origin that is fixed for the picture. */
  readonly head: number | undefined;
  readonly shoulders: number | undefined;
  readonly hips: number | undefined;
  readonly knees: number | undefined;
  readonly ankles: number | undefined;
  /** From the head (or, hidden, the shoulders) to the ankles as seen: short for a body that is folded up. */
  readonly headToAnkles: number | undefined;
  readonly shouldersToKnees: number | undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const HEAD = [0, 1, 2, 3, 4];
const SHOULDERS = [5, 6];
export const HIPS = [11, 12];
const KNEES = [13, 14];
const ANKLES = [15, 16];

function mean(points: readonly Point[]): Point | undefined {
  if (points.length === 0) return undefined;
  let x = 0;
  let y = 0;
  for (const p of points) {
    x += p.x;
    y += p.y;
  }
  return { x: x / points.length, y: y / points.length };
}

function apart(a: Point | undefined, b: Point | undefined): number | undefined {
  return a && b && Math.hypot(a.x - b.x, a.y - b.y);
}

/** The unit vector that points up at a place, in picture-height units. */
export function upAt(place: Point, nadir: Nadir, aspect: number): Point {
  if (!nadir) return { x: 0, y: -1 };
  const x = (place.x - nadir.x) * aspect;
  const y = place.y - nadir.y;
  const length = Math.hypot(x, y);
  return length > 1e-6 ? { x: x / length, y: y / length } : { x: 0, y: -1 };
}

/**
 * Measures a pose.
 * @param keypoints 17 COCO joints, normalised
 * @param box the person's box; "up" is taken at its centre
 * @param aspect picture width ÷ height
 * @param minScore joints below it count as hidden
 */
export function measurePosture(
  keypoints: readonly Keypoint[],
  box: Box,
  aspect: number,
  nadir: Nadir,
  minScore: number,
): Posture {
  const up = upAt(boxCentre(box), nadir, aspect);
  const pick = (indices: readonly number[]): Point[] =>
    indices.flatMap((i) => {
      const k = keypoints[i];
      return k && k.score >= minScore ? [{ x: k.x * aspect, y: k.y }] : [];
    });
  const along = (p: Point | undefined): number | undefined => p && p.x * up.x + p.y * up.y;

  const shoulders = mean(pick(SHOULDERS));
  const hips = mean(pick(HIPS));
  const head = mean(pick(HEAD));
  const knees = mean(pick(KNEES));
  const ankles = mean(pick(ANKLES));
  let torsoAngle: number | undefined;
  let torsoLength: number | undefined;
  if (shoulders && hips) {
    const spine = { x: shoulders.x - hips.x, y: shoulders.y - hips.y };
    torsoLength = Math.hypot(spine.x, spine.y);
    const cos = torsoLength > 1e-6 ? (spine.x * up.x + spine.y * up.y) / torsoLength : 1;
    torsoAngle = (Math.acos(Math.min(1, Math.max(-1, cos))) * 180) / Math.PI;
  }
  return {
    torsoAngle,
    torsoLength,
    head: along(head),
    shoulders: along(shoulders),
    hips: along(hips),
    knees: along(knees),
    ankles: along(ankles),
    headToAnkles: apart(head ?? shoulders, ankles),
    shouldersToKnees: apart(shoulders, knees),
  };
}
