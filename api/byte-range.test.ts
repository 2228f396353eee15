import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRange } from './byte-range.ts';

it.each([
  ['bytes=0-99', { first: 0, last: 99 }],
  ['bytes=500-', { first: 500, last: 999 }],
  ['bytes=-1', { first: 999, last: 999 }],
  ['bytes=-5000', { first: 0, last: 999 }],
  ['bytes=900-5000', { first: 900, last: 999 }],
  ['bytes=1000-', 'impossible'],
  ['bytes=-0', 'impossible'],
  ['bytes=9-3', 'none'],
  ['bytes=0-1,5-6', 'none'],
  ['lines=1-2', 'none'],
  ['bytes=-', 'none'],
  [undefined, 'none'],
])('%s', (header, expected) => {
  expect(parseRange(header, 1000)).toEqual(expected);
});

it('never asks for bytes that are not there', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.string(), fc.nat(), fc.nat(), (size, junk, from, to) => {
      for (const header of [junk, `bytes=${from}-${to}`, `bytes=${from}-`, `bytes=-${to}`]) {
        const range = parseRange(header, size);
        if (typeof range === 'string') continue;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.last).toBeGreaterThanOrEqual(range.first);
        expect(range.last).toBeLessThan(size);
      }
    }),
    { seed: 37 },
  );
});
