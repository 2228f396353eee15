import { expect, it } from 'vitest';
import { isPolite } from './polite.ts';
import { attemptTimeout, reconnectDelay } from './reconnect-delay.ts';

it('comes back within a second first, then 3, 5 and 7 s apart, half as long either way', () => {
  expect([0, 1, 2, 3, 9].map((attempt) => reconnectDelay(attempt, 0.5))).toEqual([
    500, 3000, 5000, 7000, 7000,
  ]);
  expect([0, 1].map((attempt) => reconnectDelay(attempt, 0))).toEqual([0, 1500]);
  expect([0, 3].map((attempt) => reconnectDelay(attempt, 1))).toEqual([1000, 10_500]);
});

it('gives later attempts more time, within reason', () => {
  expect([0, 1, 50].map(attemptTimeout)).toEqual([3000, 4000, 10_000]);
});

it('has exactly one of two give way; the cabin always', () => {
  const sides = (['cabin', 'guest', 'recorder', 'supervisor', 'operator'] as const).flatMap((role) => [
    { role, id: `${role}-1` },
    { role, id: `${role}-2` },
  ]);
  for (const one of sides)
    for (const other of sides) if (one !== other) expect(isPolite(one, other)).toBe(!isPolite(other, one));
  expect(isPolite({ role: 'cabin', id: 'z' }, { role: 'operator', id: 'a' })).toBe(true);
});
