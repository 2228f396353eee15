import { describe, expect, it } from 'vitest';
import { percentile, slope, thinned } from './statistics.ts';

describe('the statistics of a run', () => {
  it('takes the nearest rank', () => {
    expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(percentile([5, 1, 4, 2, 3], 0.95)).toBe(5);
    expect(percentile([], 0.5)).toBeUndefined();
  });

  it('finds a slope that a spike does not tilt', () => {
    const points = Array.from({ length: 60 }, (_, x) => ({ x, y: 100 + 2 * x + (x === 30 ? 5000 : 0) }));
    expect(slope(points)).toBeCloseTo(2, 6);
    expect(slope([])).toBe(0);
  });

  it('thins out evenly', () => {
    expect(thinned([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
  });
});
