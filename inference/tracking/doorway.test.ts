import { expect, test } from 'vitest';
import { KEYPOINT_NAMES, type Keypoint } from '../../core/index.ts';
import { boxAt } from '../testing/scenes.ts';
import { insideCabin } from './doorway.ts';
import type { Sighting } from './tracker.ts';

/** A door opening in the upper middle of the picture; its sill is at y = 0.5. */
const DOORWAY = [
  [0.4, 0.05],
  [0.6, 0.05],
  [0.62, 0.5],
  [0.38, 0.5],
];

const person = (x: number, feet: number, height = 0.3, keypoints?: Keypoint[]): Sighting => ({
  label: 'person',
  score: 0.8,
  box: boxAt(x, feet - height / 2, 0.1, height),
  ...(keypoints && { keypoints }),
});

const ankles = (x: number, y: number): Keypoint[] =>
  KEYPOINT_NAMES.map((name) => ({ x, y, score: name.endsWith('ankle') ? 0.8 : 0.1 }));

test('who stands on the landing is not in the cabin, who stands before the door is', () => {
  const landing = person(0.5, 0.45);
  const cabin = person(0.57, 0.6, 0.5);
  const beside = person(0.2, 0.45);
  expect(insideCabin([landing, cabin, beside], DOORWAY)).toEqual([cabin, beside]);
});

test('the ankles say where somebody stands, if they are seen', () => {
  const cut = person(0.5, 0.48, 0.3, ankles(0.5, 0.56));
  const behind = person(0.5, 0.55, 0.3, ankles(0.5, 0.46));
  expect(insideCabin([cut, behind], DOORWAY)).toEqual([cut]);
});

test('without a marked doorway everybody is in the cabin', () => {
  const landing = person(0.5, 0.45);
  expect(insideCabin([landing], [])).toEqual([landing]);
});

test('who is half hidden behind others by the door is in the cabin', () => {
  const hidden = person(0.5, 0.45, 0.3);
  const front = person(0.52, 0.8, 0.6);
  expect(insideCabin([hidden, front], DOORWAY)).toEqual([hidden, front]);
});
