import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inferenceSize } from './size.ts';

it.each([
  [
    { width: 1920, height: 1080 },
    { width: 640, height: 360 },
  ],
  [
    { width: 635, height: 357 },
    { width: 634, height: 356 },
  ],
  [
    { width: 320, height: 240 },
    { width: 320, height: 240 },
  ],
  [
    { width: 1080, height: 1920 },
    { width: 640, height: 1138 },
  ],
])('scales %o to %o', (source, expected) => {
  expect(inferenceSize(source)).toEqual(expected);
});

it('is always even, never wider than asked for or than the source, and keeps the aspect', () => {
  const side = fc.integer({ min: 64, max: 8192 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 64, max: 1920 }), (width, height, most) => {
      const size = inferenceSize({ width, height }, most);
      expect(size.width % 2).toBe(0);
      expect(size.height % 2).toBe(0);
      expect(size.width).toBeLessThanOrEqual(Math.min(width, most));
      // The nearest even number, but never none at all.
      const exact = (size.width * height) / width;
      expect(Math.abs(size.height - exact)).toBeLessThanOrEqual(exact < 1 ? 2 : 1);
    }),
  );
});
