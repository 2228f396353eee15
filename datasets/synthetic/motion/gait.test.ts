import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GaitBody, type GaitState, planGait, type Side } from './gait.ts';
import { walk } from './trajectory.ts';

const DT = 1 / 60;
const BODY: GaitBody = {
  ankleHeight: 0.09,
  hipHeight: 0.92,
  halfStance: 0.1,
  ball: 0.14,
  heel: 0.05,
  leg: 0.84,
};

const ways = fc.record({
  via: fc.array(
    fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 3, noNaN: true })),
    { minLength: 1, maxLength: 3 },
  ),
  face: fc.option(fc.double({ min: -180, max: 180, noNaN: true }), { nil: undefined }),
  speed: fc.double({ min: 0.6, max: 1.3, noNaN: true }),
  backward: fc.boolean(),
});
type Way = typeof ways extends fc.Arbitrary<infer T> ? T : never;

function perform(way: Way) {
  const floor = walk({ x: 0, z: 2, heading: Math.PI }, [{ at: 0.5, ...way, keepFacing: false }], 1200, DT);
  return { floor, gait: planGait(BODY, floor, DT) };
}

const feet = (gait: GaitState[], side: Side) => gait.map((g) => g.feet[side]);

describe('planGait', () => {
  it('never moves a planted foot', () => {
    fc.assert(
      fc.property(ways, (way) => {
        const { gait } = perform(way);
        for (const side of ['L', 'R'] as const) {
          feet(gait, side).forEach((foot, i) => {
            const before = gait[i - 1]?.feet[side];
            if (before?.planted && foot.planted) expect(foot.print).toEqual(before.print);
          });
        }
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  it('keeps one foot on the floor and never sinks a sole', () => {
    fc.assert(
      fc.property(ways, (way) => {
        const { gait } = perform(way);
        for (const g of gait) {
          expect(g.feet.L.planted || g.feet.R.planted).toBe(true);
          expect(Math.min(g.feet.L.ankle[1], g.feet.R.ankle[1])).toBeGreaterThan(BODY.ankleHeight - 0.012);
        }
      }),
      { numRuns: 15, seed: 8 },
    );
  });

  it('keeps the feet under the body, and ends standing on both', () => {
    fc.assert(
      fc.property(ways, (way) => {
        const { floor, gait } = perform(way);
        gait.forEach((g, i) => {
          const at = floor[i];
          for (const foot of [g.feet.L, g.feet.R])
            expect(Math.hypot(foot.print.x - (at?.x ?? 0), foot.print.z - (at?.z ?? 0))).toBeLessThan(0.75);
        });
        const [last, place] = [gait.at(-1), floor.at(-1)];
        for (const foot of [last?.feet.L, last?.feet.R]) {
          expect(foot?.planted).toBe(true);
          expect(
            Math.hypot((foot?.print.x ?? 9) - (place?.x ?? 0), (foot?.print.z ?? 9) - (place?.z ?? 0)),
          ).toBeLessThan(0.2);
        }
      }),
      { numRuns: 15, seed: 9 },
    );
  });

  it('alternates its feet on a straight walk, with a human length of step', () => {
    const { gait } = perform({ via: [[0, -2]], face: undefined, speed: 1, backward: false });
    const starts = gait.flatMap((g, i) =>
      (['L', 'R'] as const).filter((s) => !g.feet[s].planted && gait[i - 1]?.feet[s].planted),
    );
    const middle = starts.slice(1, -1);
    middle.forEach((side, i) => {
      if (i > 0) expect(side).not.toBe(middle[i - 1]);
    });
    expect(starts.length).toBeGreaterThanOrEqual(6);
    expect(starts.length).toBeLessThanOrEqual(14);
  });
});
