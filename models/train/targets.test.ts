import { describe, expect, test } from 'vitest';
import { headFigures } from './measure.ts';
import { foundIn, overlap } from './plain-head.ts';
import { targetsOf } from './targets.ts';

const GRID = { rows: 4, columns: 6, stride: 16 };

describe('targets', () => {
  test('of a box: its core is asked for, all else is background', () => {
    const { cells, distances } = targetsOf({ boxes: [[0, 0, 64, 64]], ignored: [] }, GRID);
    expect([...cells]).toEqual([
      ...[0, 0, 0, 0, 0, 0],
      ...[0, 1, 1, 0, 0, 0],
      ...[0, 1, 1, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 0],
    ]);
    expect([...distances.slice(7 * 4, 8 * 4)]).toEqual([24, 24, 40, 40]);
  });

  test('of a place to be ignored: nothing is learnt there', () => {
    const { cells } = targetsOf({ boxes: [], ignored: [[0, 0, 32, 16]] }, GRID);
    expect([...cells].filter((cell) => cell === -1)).toHaveLength(2);
  });

  test('of a thing smaller than a cell: one cell at least', () => {
    const { cells } = targetsOf({ boxes: [[20, 20, 30, 30]], ignored: [] }, GRID);
    expect([...cells].filter((cell) => cell === 1)).toHaveLength(1);
  });
});

test('boxes are read off the raw answers, the weaker of two that overlap left out', () => {
  const raw = new Float32Array(24 * 5).fill(-9);
  const say = (cell: number, score: number): void => raw.set([score, 0, 0, 0, 0], cell * 5);
  say(7, 2);
  say(8, 1);
  say(17, 0);
  const found = foundIn(raw, GRID, 0.1);
  expect(found).toHaveLength(2);
  expect(found[0]?.box).toEqual([-24, -24, 72, 72]);
  expect(found[0]?.score).toBeCloseTo(0.881, 3);
  expect(overlap([0, 0, 10, 10], [0, 0, 10, 5])).toBe(0.5);
  expect(overlap([0, 0, 1, 1], [2, 2, 3, 3])).toBe(0);
});

test('figures count finds, false finds and pictures that fire for nothing', () => {
  const box = [0, 0, 40, 40] as const;
  const far = [100, 100, 140, 140] as const;
  const figures = headFigures([
    {
      truth: { boxes: [box], ignored: [] },
      found: [
        { box, score: 0.9 },
        { box: far, score: 0.3 },
      ],
    },
    { truth: { boxes: [box], ignored: [] }, found: [] },
    { truth: { boxes: [], ignored: [] }, found: [{ box: far, score: 0.45 }] },
    { truth: { boxes: [], ignored: [far] }, found: [{ box: far, score: 0.95 }] },
  ]);
  expect(figures).toMatchObject({ pictures: 4, things: 2, empty: 1 });
  expect(figures.averagePrecision).toBeCloseTo(0.5);
  expect(figures.at.find(({ score }) => score === 0.4)).toEqual({
    score: 0.4,
    hits: 1,
    inventions: 1,
    falsePictures: 1,
  });
});
