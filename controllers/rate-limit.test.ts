import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

test('five seconds’ worth pass at once, and then so many a second', () => {
  const limit = new RateLimit(2);
  const passed = (now: number): number =>
    Array.from({ length: 50 }, () => limit.take(now)).filter(Boolean).length;
  expect(passed(1e9)).toBe(10);
  expect(passed(1e9)).toBe(0);
  expect(passed(1e9 + 1500)).toBe(3);
  expect(passed(1e9 + 60_000)).toBe(10);
});

test('a rate below one a second still lets one pass', () => {
  expect(new RateLimit(0.1).take(0)).toBe(true);
});
