import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../core/index.ts';
import { RisingClock } from './rising-clock.ts';

describe('RisingClock', () => {
  it('is the wall clock while that behaves', () => {
    const wall = new ManualClock(1e12);
    const steady = new ManualClock(5);
    const clock = new RisingClock(wall, steady);
    wall.advance(1000);
    steady.advance(1000);
    expect(clock.now()).toBe(1e12 + 1000);
  });

  it('runs at half speed after the wall clock is set back, until that has caught up', () => {
    const wall = new ManualClock(1e12);
    const steady = new ManualClock(0);
    const clock = new RisingClock(wall, steady);
    wall.advance(-10_000);
    const pass = (ms: number): number => {
      wall.advance(ms);
      steady.advance(ms);
      return clock.now() - 1e12;
    };
    expect(pass(4000)).toBe(2000);
    expect(pass(16_000)).toBe(10_000);
    expect(pass(1000)).toBe(11_000);
  });

  it('never goes back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 1e4 }))),
        (steps) => {
          const wall = new ManualClock(1e12);
          const steady = new ManualClock(0);
          const clock = new RisingClock(wall, steady);
          let before = clock.now();
          for (const [jump, passed] of steps) {
            wall.advance(jump);
            steady.advance(passed);
            const now = clock.now();
            expect(now).toBeGreaterThanOrEqual(before);
            before = now;
          }
        },
      ),
    );
  });
});
