import { type Box, boxArea, type Detection, iou, type Pose, shareInside } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { assign } from './assign.ts';
import type { Sighting } from './tracker.ts';

export const PERSON = 'person';

type FusionOptions = InferenceOptions['fusion'];

interface Candidate {
  readonly box: Box;
  readonly score: number;
  readonly pose?: Pose;
}

/**
 * Makes one list of people of what the detector and the pose model saw, each person once. Boxes count people who
 * stand, poses also those who lie, crouch or are seen from above; who is seen by both is the surer for it.
 * Only a good pose backs a sighting here; motion may back the others.
 */
export function fusePeople(
  detections: readonly Detection[],
  poses: readonly Pose[],
  options: FusionOptions,
): Sighting[] {
  const boxes = distinctBoxes(detections, options);
  const bodies = distinctPoses(poses, options);
  const pairs = assign(boxes.length, bodies.length, (b, p) => {
    const value = agreement(boxes[b]!.box, bodies[p]!, options);
    // A sure box comes first: a loose one around a pose would else take it, and the sure one's place with it.
    return value >= options.match ? 2 - value - boxes[b]!.score : undefined;
  });
  const poseOf = new Map(pairs.map(([b, p]) => [b, bodies[p]!]));
  const paired = new Set(poseOf.values());
  const people: Candidate[] = [
    ...boxes.map((d, b) => withPose(d, poseOf.get(b), options)),
    ...bodies
      .filter((p) => !paired.has(p) && solid(p, options))
      .map((p) => ({ box: p.box, score: p.score, pose: p })),
  ];
  const large = people.filter((c) => boxArea(c.box) >= options.leastArea);
  return distinctPeople(large, options).map((c) => toSighting(c, options));
}

/**
 * The people of a look that asked the pose model alone: sure poses, and unsure ones where somebody was seen just now.
 * @param known boxes of the people followed so far
 */
export function followPoses(
  poses: readonly Pose[],
  known: readonly Box[],
  options: FusionOptions,
): Sighting[] {
  const followed = distinctPoses(poses, options).filter(
    (p) => solid(p, options) || known.some((box) => agreement(box, p, options) >= options.match),
  );
  const people = followed.map((pose) => ({ box: pose.box, score: pose.score, pose }));
  const large = people.filter((c) => boxArea(c.box) >= options.leastArea);
  return distinctPeople(large, options).map((c) => toSighting(c, options));
}

const LIKE_BOX = 0.5;
const WHOLE_BODY = 9;

function withPose(d: Detection, pose: Pose | undefined, options: FusionOptions): Candidate {
  if (!pose) return { box: d.box, score: d.score };
  // Boxes of lying people are often cut to the torso; the joints of a good pose know better. A weak one may mix two people.
  const good = pose.score >= options.poseBacks && sure(pose, options).length >= WHOLE_BODY;
  const whole = good && iou(d.box, pose.box) < LIKE_BOX;
  // Two independent witnesses: wrong only if both are.
  return { box: whole ? pose.box : d.box, score: 1 - (1 - d.score) * (1 - pose.score), pose };
}

function toSighting(c: Candidate, options: FusionOptions): Sighting {
  const { score, box, pose } = c;
  if (!pose) return { label: PERSON, score, box, backed: false };
  const backed = pose.score >= options.poseBacks && sure(pose, options).length >= options.minKeypoints;
  return { label: PERSON, score, box, keypoints: pose.keypoints, backed };
}

const sure = (p: Pose, options: FusionOptions) => p.keypoints.filter((k) => k.score >= options.keypointScore);

/** Enough sure joints to be somebody without a box to back it. */
function solid(p: Pose, options: FusionOptions): boolean {
  return p.score >= options.poseAlone && sure(p, options).length >= options.minKeypoints;
}

/** 0–1: overlap of the boxes and share of the sure joints inside the detector's box. */
function agreement(box: Box, pose: Pose, options: FusionOptions): number {
  const overlap = iou(box, pose.box);
  const joints = sure(pose, options);
  if (joints.length === 0) return overlap;
  const inside = joints.filter(
    (k) => k.x >= box.x1 && k.x <= box.x2 && k.y >= box.y1 && k.y <= box.y2,
  ).length;
  // Joints alone would also pair a small pose with a neighbour's large box around it.
  return inside === 0 ? 0 : 0.65 * overlap + 0.35 * (inside / joints.length);
}

/** Boxes that overlap more are one sighting of one body; a second body behind it needs a pose of its own. */
const SAME_BOX = 0.5;

/** Without this, a weak second box of somebody could take the pose that backs the strong one. */
function distinctBoxes(detections: readonly Detection[], options: FusionOptions): Detection[] {
  const kept: Detection[] = [];
  const usable = detections.filter((d) => d.label === PERSON && d.score >= options.boxScore);
  for (const d of usable.sort((a, b) => b.score - a.score)) {
    if (!kept.some((k) => iou(k.box, d.box) > SAME_BOX)) kept.push(d);
  }
  return kept;
}

/** Drops the weaker of two poses that lie on the same body. */
function distinctPoses(poses: readonly Pose[], options: FusionOptions): Pose[] {
  const kept: Pose[] = [];
  const ranked = poses.filter((p) => p.score >= options.poseScore).sort((a, b) => b.score - a.score);
  for (const p of ranked) if (!kept.some((k) => sameBody(k, p, options))) kept.push(p);
  return kept;
}

/** A share of the body's size within which two joints are the same joint. */
const SAME_JOINT = 0.12;

function sameBody(a: Pose, b: Pose, options: FusionOptions): boolean {
  if (iou(a.box, b.box) > 0.7) return true;
  const reach = SAME_JOINT * Math.sqrt(Math.max(boxArea(a.box), boxArea(b.box)));
  let both = 0;
  let close = 0;
  for (const [i, k] of a.keypoints.entries()) {
    const other = b.keypoints[i];
    if (!other || k.score < options.keypointScore || other.score < options.keypointScore) continue;
    both++;
    if (Math.hypot(k.x - other.x, k.y - other.y) < reach) close++;
  }
  return both >= 3 && close / both > 0.5;
}

/** Drops boxes that are a second view of somebody kept: head in body, part in whole, a loose box around several. */
function distinctPeople(people: readonly Candidate[], options: FusionOptions): Candidate[] {
  const kept: Candidate[] = [];
  // Whoever a good pose backs comes first: a box that only repeats it must give way.
  const rank = (c: Candidate): number => c.score + (c.pose && c.pose.score >= options.poseBacks ? 1 : 0);
  const ranked = [...people].sort((a, b) => rank(b) - rank(a));
  for (const c of ranked) if (!kept.some((k) => samePerson(k, c, options))) kept.push(c);
  return kept;
}

function samePerson(kept: Candidate, c: Candidate, options: FusionOptions): boolean {
  const overlap = iou(kept.box, c.box);
  if (kept.pose && c.pose) return overlap > 0.85;
  if (overlap > 0.6) return true;
  const [small, large] = boxArea(kept.box) < boxArea(c.box) ? [kept, c] : [c, kept];
  return shareInside(small.box, large.box) >= options.nested;
}
