import { expect, it } from 'vitest';
import type { I420Picture } from '../../core/index.ts';
import { upright } from './upright.ts';

/** 4×2, every sample its own number. */
const picture: I420Picture = {
  width: 4,
  height: 2,
  data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 21, 22]),
};

it.each([
  [0, 4, 2, [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 21, 22]],
  [90, 2, 4, [5, 1, 6, 2, 7, 3, 8, 4, 11, 12, 21, 22]],
  [180, 4, 2, [8, 7, 6, 5, 4, 3, 2, 1, 12, 11, 22, 21]],
  [270, 2, 4, [4, 8, 3, 7, 2, 6, 1, 5, 12, 11, 22, 21]],
] as const)('a picture is turned by %i degrees', (rotation, width, height, data) => {
  expect(upright(picture, rotation)).toEqual({ width, height, data: Uint8Array.from(data) });
});
