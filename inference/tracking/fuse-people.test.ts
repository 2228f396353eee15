import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box, Detection, Pose } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { boxAt } from '../testing/scenes.ts';
import { followPoses, fusePeople } from './fuse-people.ts';

const OPTIONS = inferenceOptions().fusion;

const person = (box: Box, score = 0.6): Detection => ({ label: 'person', score, box });

/** A pose whose joints lie evenly over the box; `joints` of the 17 are sure. */
function pose(box: Box, score = 0.4, joints = 15): Pose {
  const keypoints = Array.from({ length: 17 }, (_, i) => ({
    x: box.x1 + (((i * 7) % 17) / 16) * (box.x2 - box.x1),
    y: box.y1 + (i / 16) * (box.y2 - box.y1),
    score: i < joints ? 0.6 : 0.05,
  }));
  return { score, box, keypoints };
}

const fuse = (boxes: Detection[], poses: Pose[] = []) => fusePeople(boxes, poses, OPTIONS);
const standing = boxAt(0.4);
const lying = boxAt(0.5, 0.85, 0.55, 0.2);

test('a box and a pose of one body are one person, surer than either', () => {
  const people = fuse([person(standing, 0.6)], [pose(boxAt(0.41), 0.4)]);
  expect(people).toHaveLength(1);
  expect(people[0]).toMatchObject({ label: 'person', box: standing, backed: true });
  expect(people[0]?.score).toBeCloseTo(0.76);
  expect(people[0]?.keypoints).toHaveLength(17);
});

test('someone lying whom no box finds is a person by the pose', () => {
  expect(fuse([], [pose(lying)])).toMatchObject([{ box: lying, score: 0.4, backed: true }]);
});

test('someone whom no pose finds is a person by the box, but not backed', () => {
  expect(fuse([person(standing)])).toMatchObject([{ score: 0.6, backed: false }]);
});

test('where the box has only the torso of someone lying, the pose gives the extent', () => {
  const torso = { x1: 0.35, y1: 0.74, x2: 0.6, y2: 0.96 };
  expect(fuse([person(torso)], [pose(lying)])).toMatchObject([{ box: lying }]);
});

test('a phantom pose with few sure joints, or a low score, is nobody', () => {
  expect(fuse([], [pose(standing, 0.4, 3)])).toEqual([]);
  expect(fuse([], [pose(standing, 0.15)])).toEqual([]);
});

test('a faint pose makes a box surer without backing it', () => {
  const [someone] = fuse([person(standing, 0.3)], [pose(standing, 0.12)]);
  expect(someone?.score).toBeGreaterThan(0.35);
  expect(someone?.backed).toBe(false);
});

test.each<[string, Box]>([
  ['a head', { x1: 0.36, y1: 0.26, x2: 0.44, y2: 0.46 }],
  ['the legs', { x1: 0.33, y1: 0.55, x2: 0.47, y2: 0.86 }],
  ['a shifted copy', boxAt(0.43)],
])('%s beside the whole body is the same person', (_what, part) => {
  expect(fuse([person(standing, 0.5), person(part, 0.6)], [pose(standing)])).toHaveLength(1);
});

test('two people of whom one stands half behind the other are two, by their poses', () => {
  const back = boxAt(0.47, 0.5);
  expect(fuse([person(standing), person(back)], [pose(standing), pose(back)])).toHaveLength(2);
  expect(fuse([person(standing)], [pose(standing), pose(back)])).toHaveLength(2);
});

test('a box around two posed people is not a third', () => {
  const a = boxAt(0.35);
  const b = boxAt(0.6);
  const both = { x1: 0.26, y1: 0.24, x2: 0.7, y2: 0.87 };
  expect(fuse([person(both, 0.7), person(a, 0.5), person(b, 0.5)], [pose(a), pose(b)])).toHaveLength(2);
  expect(fuse([person(both, 0.7)], [pose(a), pose(b)])).toHaveLength(2);
});

test('a small child before an adult is seen by their own pose', () => {
  const child = boxAt(0.41, 0.7, 0.1, 0.28);
  expect(fuse([person(standing), person(child)], [pose(standing), pose(child)])).toHaveLength(2);
});

test('a pose given twice is one person, and pairs with the strong box', () => {
  const people = fuse(
    [person(boxAt(0.43, 0.56), 0.2), person(standing, 0.6)],
    [pose(standing), pose(boxAt(0.405), 0.3)],
  );
  expect(people).toHaveLength(1);
  expect(people[0]?.score).toBeGreaterThan(0.7);
});

test('of two boxes around a faint pose the sure one takes it, and neither hides who is beside it', () => {
  const far = { x1: 0.5, y1: 0.14, x2: 0.63, y2: 0.52 };
  const near = { x1: 0.43, y1: 0.3, x2: 0.54, y2: 0.71 };
  const loose = { x1: 0.43, y1: 0.18, x2: 0.66, y2: 0.73 };
  const faint = pose({ x1: 0.47, y1: 0.17, x2: 0.61, y2: 0.86 }, 0.12);
  const people = fuse([person(far, 0.57), person(near, 0.47), person(loose, 0.2)], [faint]);
  const sure = people.filter((one) => one.score > 0.33).map((one) => one.box);
  expect(sure).toHaveLength(2);
  expect(sure).toContainEqual(near);
});

test('a faint pose that mixes two neighbours gives neither its extent', () => {
  const left = boxAt(0.4);
  const right = boxAt(0.54);
  const mixed = pose({ x1: left.x1 - 0.05, y1: 0.2, x2: right.x2, y2: 0.95 }, 0.13);
  const people = fuse([person(left, 0.5), person(right, 0.45)], [mixed]);
  expect(people.map((one) => one.box)).toEqual(expect.arrayContaining([left, right]));
  expect(people).toHaveLength(2);
});

test('two poses on the same joints are one person even if their boxes differ', () => {
  const whole = pose(standing, 0.5);
  const cut = { ...pose(standing, 0.3), box: { ...standing, y2: 0.68 } };
  expect(fuse([], [whole, cut])).toHaveLength(1);
});

test('specks, things and faint boxes are nobody', () => {
  const speck = boxAt(0.5, 0.5, 0.05, 0.1);
  expect(
    fuse([person(speck, 0.9), person(standing, 0.1), { label: 'dog', score: 0.9, box: standing }]),
  ).toEqual([]);
});

test('six people in a row, boxes for four and poses for five, are six', () => {
  const row = Array.from({ length: 6 }, (_, i) => boxAt(0.1 + i * 0.16, 0.5, 0.14, 0.6));
  const boxes = row.slice(0, 4).map((b) => person(b));
  const poses = row.slice(1).map((b) => pose(b));
  expect(fuse(boxes, poses)).toHaveLength(6);
});

test('never more people than boxes and poses, scores stay in 0–1, and no pose is used twice', () => {
  const box = fc
    .record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ x, y }) => boxAt(x, y));
  const score = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  const boxes = fc.array(fc.tuple(box, score), { maxLength: 8 });
  fc.assert(
    fc.property(boxes, boxes, (b, p) => {
      const detections = b.map(([bx, s]) => person(bx, s));
      const poses = p.map(([bx, s]) => pose(bx, s));
      const people = fuse(detections, poses);
      expect(people.length).toBeLessThanOrEqual(detections.length + poses.length);
      for (const one of people) {
        expect(one.score).toBeGreaterThan(0);
        expect(one.score).toBeLessThanOrEqual(1);
      }
      const posed = people.filter((one) => one.keypoints);
      expect(new Set(posed.map((one) => one.keypoints)).size).toBe(posed.length);
    }),
    { seed: 9, numRuns: 300 },
  );
});

test('poses alone: sure ones are people, unsure ones only where somebody was seen just now', () => {
  const unsure = pose(standing, 0.22, 3);
  expect(followPoses([pose(lying)], [], OPTIONS)).toMatchObject([{ box: lying, backed: true }]);
  expect(followPoses([unsure], [], OPTIONS)).toEqual([]);
  expect(followPoses([unsure], [boxAt(0.41)], OPTIONS)).toMatchObject([{ box: standing, score: 0.22 }]);
  expect(followPoses([unsure], [boxAt(0.8)], OPTIONS)).toEqual([]);
});
