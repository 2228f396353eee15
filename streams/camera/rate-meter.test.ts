import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloodGuard, floodLimits } from './flood-guard.ts';
import { RateMeter } from './rate-meter.ts';

describe('RateMeter', () => {
  it('measures any steady rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 1e9 }), (fps, start) => {
        const meter = new RateMeter(4000);
        let time = start;
        for (let k = 0; k < fps * 10; k++) {
          time = start + (k * 1000) / fps;
          meter.push(time);
        }
        expect(Math.abs(meter.rate(time) - fps)).toBeLessThanOrEqual(0.07 * fps + 0.3);
      }),
    );
  });

  it('falls to nothing when nothing comes', () => {
    const meter = new RateMeter(2000);
    for (let k = 0; k < 20; k++) meter.push(k * 100);
    expect(meter.rate(3000)).toBeLessThan(6);
    expect(meter.rate(60_000)).toBe(0);
  });

  it('is zero before the first', () => {
    expect(new RateMeter().rate(1000)).toBe(0);
  });
});

describe('FloodGuard', () => {
  const limits = floodLimits(15, 40e6);

  it('needs three samples in a row', () => {
    const guard = new FloodGuard();
    expect([100, 100, 10, 100, 100].map((fps) => guard.push(fps, 0, limits))).not.toContain(true);
    expect(guard.push(100, 0, limits)).toBe(true);
  });

  it('knows a flood of bytes too', () => {
    const guard = new FloodGuard();
    expect([1, 2, 3].map(() => guard.push(15, 6e6, limits))).toEqual([false, false, true]);
  });

  it('leaves a camera alone that sends what it says', () => {
    const guard = new FloodGuard();
    for (let k = 0; k < 100; k++) expect(guard.push(60, 1e6, floodLimits(60, 40e6))).toBe(false);
  });
});
