import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay, DEFAULT_BACKOFF } from './backoff.ts';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffDelay', () => {
  it('doubles from the first wait to the longest', () => {
    expect([1, 2, 3, 4, 5, 60].map((n) => backoffDelay(n, 0.5))).toEqual([500, 1000, 2000, 4000, 4000, 4000]);
  });

  it('never waits longer than the longest plus its jitter, nor nothing at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), unit, (failures, random) => {
        const delay = backoffDelay(failures, random);
        expect(delay).toBeGreaterThan(0);
        expect(delay).toBeLessThanOrEqual(DEFAULT_BACKOFF.maxMs * 1.25);
      }),
    );
  });

  it('spreads cameras that fail together', () => {
    expect(backoffDelay(4, 0.9) - backoffDelay(4, 0.1)).toBeCloseTo(1600);
  });
});
