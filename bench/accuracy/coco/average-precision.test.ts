import { describe, expect, test } from 'vitest';
import { averagePrecision } from './average-precision.ts';

const left = { x1: 0, y1: 0, x2: 0.2, y2: 0.2 };
const right = { x1: 0.5, y1: 0.5, x2: 0.9, y2: 0.9 };
const nowhere = { x1: 0.3, y1: 0, x2: 0.4, y2: 0.1 };

describe('averagePrecision', () => {
  test('is 1 where everything is found and nothing else', () => {
    const found = [
      { score: 0.4, box: left },
      { score: 0.9, box: right },
    ];
    expect(averagePrecision([{ truth: [left, right], found }], 0.5)).toBe(1);
  });

  test('does not mind false finds that are surer of themselves than nothing', () => {
    const found = [
      { score: 0.9, box: left },
      { score: 0.1, box: nowhere },
    ];
    expect(averagePrecision([{ truth: [left], found }], 0.5)).toBe(1);
  });

  test('halves where a surer false find stands before every true one', () => {
    const found = [
      { score: 0.9, box: nowhere },
      { score: 0.8, box: left },
    ];
    expect(averagePrecision([{ truth: [left], found }], 0.5)).toBeCloseTo(0.5, 10);
  });

  test('counts recalls up to what is found: one of two is 51 of the 101 steps', () => {
    const found = [{ score: 0.9, box: left }];
    expect(averagePrecision([{ truth: [left, right], found }], 0.5)).toBeCloseTo(51 / 101, 10);
  });

  test('lets one truth be found once only', () => {
    const found = [
      { score: 0.9, box: left },
      { score: 0.8, box: left },
      { score: 0.7, box: right },
    ];
    const expected = (51 + 50 * (2 / 3)) / 101;
    expect(averagePrecision([{ truth: [left, right], found }], 0.5)).toBeCloseTo(expected, 10);
  });

  test('ranks over all pictures together', () => {
    const pictures = [
      { truth: [left], found: [{ score: 0.5, box: left }] },
      { truth: [], found: [{ score: 0.9, box: right }] },
    ];
    expect(averagePrecision(pictures, 0.5)).toBeCloseTo(0.5, 10);
  });

  test('heeds the overlap that is asked for', () => {
    const shifted = { x1: 0.05, y1: 0, x2: 0.25, y2: 0.2 }; // IoU 0.6
    const pictures = [{ truth: [left], found: [{ score: 1, box: shifted }] }];
    expect(averagePrecision(pictures, 0.5)).toBe(1);
    expect(averagePrecision(pictures, 0.7)).toBe(0);
  });

  test('is not a number where there is nothing to find', () => {
    expect(averagePrecision([{ truth: [], found: [] }], 0.5)).toBeNaN();
  });
});
