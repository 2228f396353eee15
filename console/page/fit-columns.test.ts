import { describe, expect, it } from 'vitest';
import { fitColumns } from './fit-columns.ts';

describe('fitColumns', () => {
  it.each([
    // tiles, aspect, width, height, columns
    [1, 16 / 9, 1040, 800, 1],
    [4, 16 / 9, 1040, 800, 2],
    [7, 16 / 9, 1040, 800, 3],
    [40, 16 / 9, 1040, 800, 3],
    [40, 16 / 9, 3400, 1400, 10],
    [7, 16 / 9, 362, 700, 1],
    [0, 16 / 9, 1040, 800, 1],
  ])('%i tiles of %f in %i x %i', (tiles, aspect, width, height, columns) => {
    expect(fitColumns(tiles, aspect, width, height)).toBe(columns);
  });
});
