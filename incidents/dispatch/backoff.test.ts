import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelay } from './backoff.ts';

const options = { firstRetry: 1, maxRetry: 60 };

test('waits double up to their cap', () => {
  const waits = [1, 2, 3, 7, 1000].map((failures) => retryDelay(failures, 0.5, options));
  expect(waits).toEqual([1000, 2000, 4000, 60_000, 60_000]);
});

test('chance makes them longer or shorter by at most a fifth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, random) => {
        const plain = retryDelay(failures, 0.5, options);
        const share = retryDelay(failures, random, options) / plain;
        expect(share).toBeGreaterThanOrEqual(0.8 - 1e-9);
        expect(share).toBeLessThanOrEqual(1.2);
      },
    ),
    { seed: 5 },
  );
});
