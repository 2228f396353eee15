import { expect, test } from 'vitest';
import { boxAt } from '../testing/scenes.ts';
import { withLifeSigns } from './life-signs.ts';

const sighting = (backed: boolean) => ({ label: 'person', score: 0.6, box: boxAt(0.5), backed });
const cells = (motion: number, foreground: number | undefined) => ({
  motionIn: () => motion,
  foregroundIn: () => foreground,
});

test.each([
  ['a poster on the wall is dropped', sighting(false), cells(0, 0), true, []],
  ['a poster while the light flickers is dropped', sighting(false), cells(0.9, 0.02), true, []],
  ['a pose is believed anywhere', sighting(true), cells(0, 0), true, [true]],
  ['somebody new who moves is backed', sighting(false), cells(0.5, 0.6), true, [true]],
  ['something new that does not move is not backed', sighting(false), cells(0.05, 0.6), true, [false]],
  ['before the empty cabin is known, motion decides', sighting(false), cells(0.5, undefined), true, [true]],
  ['without a pose model what is new is believed', sighting(false), cells(0, 0.6), false, [true]],
])('%s', (_what, s, c, posing, backed) => {
  expect(withLifeSigns([s], c, posing).map((one) => one.backed)).toEqual(backed);
});
