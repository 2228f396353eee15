import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from './assign.ts';

test('takes the least total, not the greedy pairs', () => {
  const costs = [
    [0.1, 0.2],
    [0.15, 0.9],
  ];
  expect(assign(2, 2, (r, c) => costs[r]![c]!).sort()).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

test('forbidden pairs stay apart even if nothing else is left', () => {
  expect(assign(1, 1, () => undefined)).toEqual([]);
  expect(assign(2, 2, (r, c) => (r === 0 && c === 0 ? 0.5 : undefined))).toEqual([[0, 0]]);
});

test('every row and column at most once, as many pairs as a full matrix allows, none cheaper by swapping', () => {
  const size = fc.integer({ min: 0, max: 6 });
  fc.assert(
    fc.property(
      size,
      size,
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 36, maxLength: 36 }),
      (n, m, v) => {
        const cost = (r: number, c: number): number => v[r * 6 + c]!;
        const pairs = assign(n, m, cost);
        expect(pairs).toHaveLength(Math.min(n, m));
        expect(new Set(pairs.map(([r]) => r)).size).toBe(pairs.length);
        expect(new Set(pairs.map(([, c]) => c)).size).toBe(pairs.length);
        for (const [r1, c1] of pairs)
          for (const [r2, c2] of pairs)
            expect(cost(r1, c1) + cost(r2, c2)).toBeLessThanOrEqual(cost(r1, c2) + cost(r2, c1));
      },
    ),
    { seed: 2 },
  );
});
