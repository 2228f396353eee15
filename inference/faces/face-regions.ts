import {
  type Box,
  boxHeight,
  boxWidth,
  clampBox,
  type Keypoint,
  type Scene,
  shareInside,
  type Track,
  unionBox,
  WHOLE_PICTURE,
} from '../../core/index.ts';

/** Nose, eyes and ears come first among the 17 joints, then the shoulders. */
const FACE = 5;
const SHOULDERS = 7;
/** Pose models give lower scores to joints that they guess; a guessed face is hidden, too, beside the top of the box. */
const TRUSTED = 0.3;
/** Above this age of the scene somebody may have come in meanwhile. */
const TOO_OLD_MS = 3000;
/** How far somebody moves in a second, in heights of their box: a brisk walk is 1.5 m. */
const STRIDE = 0.6;
/** A head is about an eighth of a standing person; seen from above it is more. */
const HEAD = 0.3;
const UPPER = 0.45;
/** Where so many stand close together, models miss one or another. */
const CROWD = 5;

/**
 * Where faces may be in a picture taken at `at` (ms, the clock of `scene.ts`), normalised boxes, larger than the heads. The
 * whole picture where the newest scene cannot be relied on for it: none, too old, a picture that proves nothing, a crowd.
 */
export function faceRegions(scene: Scene | undefined, at: number): Box[] {
  if (!scene) return [WHOLE_PICTURE];
  const age = Math.abs(at - scene.ts);
  const { aspect, people } = scene;
  if (scene.doubt || age > TOO_OLD_MS || people.length >= CROWD) return [WHOLE_PICTURE];
  return people.map((person) => {
    const { box } = person;
    const tall = Math.max(boxHeight(box), boxWidth(box) * aspect);
    const moved = ((age + Math.max(0, scene.ts - person.lastSeen)) / 1000) * STRIDE * tall;
    return grow(headOf(person, tall, aspect), moved / aspect, moved);
  });
}

/**
 * By the joints of the face, or else by the box alone. A pose may belong to the person beside, so where it has the head
 * elsewhere than in the upper part of the box, both are hidden.
 * @param tall the longer side of the person's box, in heights of the picture
 */
function headOf({ box, keypoints }: Track, tall: number, aspect: number): Box {
  const face = (keypoints?.slice(0, FACE) ?? []).filter(({ score }) => score >= TRUSTED);
  const upper = upperPart(box, aspect);
  if (face.length < 2) return upper;
  const shoulders = (keypoints?.slice(FACE, SHOULDERS) ?? []).filter(({ score }) => score >= TRUSTED);
  const pad = Math.max(HEAD * tall * 0.5, spread(shoulders, aspect) * 0.7, spread(face, aspect));
  const head = grow(around(face), pad / aspect, pad);
  return shareInside(around(face), upper) > 0.5 ? head : unionBox(head, upper);
}

/** The upper part of a person who stands; the whole box of one who lies, whose head may be at either end. */
function upperPart(box: Box, aspect: number): Box {
  const lies = boxWidth(box) * aspect > boxHeight(box);
  const y2 = lies ? box.y2 : box.y1 + boxHeight(box) * UPPER;
  return grow({ ...box, y2 }, boxWidth(box) * 0.1, boxHeight(box) * 0.1);
}

function around(points: readonly Keypoint[]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}

/** The longer side of what holds these points, in heights of the picture. */
function spread(points: readonly Keypoint[], aspect: number): number {
  if (points.length === 0) return 0;
  const box = around(points);
  return Math.max(boxWidth(box) * aspect, boxHeight(box));
}

const grow = (b: Box, x: number, y: number): Box =>
  clampBox({ x1: b.x1 - x, y1: b.y1 - y, x2: b.x2 + x, y2: b.y2 + y });
