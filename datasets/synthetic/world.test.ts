import { describe, expect, it } from 'vitest';
import { distance } from './math.ts';
import { Skeleton } from './motion/skeleton.ts';
import { skin } from './motion/skinning.ts';
import { checkScenario } from './scenario/load.ts';
import type { Scenario } from './scenario/schema.ts';
import { stickBody } from './testing/stick-body.ts';
import { World } from './world.ts';

const BODY = stickBody();

function world(people: unknown[], more: object = {}): World {
  const scenario: Scenario = checkScenario({ name: 'test', duration: 20, people, ...more });
  return new World(scenario, new Map(scenario.people.map((p) => [p.id, BODY])));
}

const ROOMY = { cabin: { width: 1.7, depth: 2.1 } };
const someone = (...steps: object[]) => ({ id: 'ann', start: { x: 0, z: 0.1, face: 0 }, steps });

/** Positions of the bone over the clip, 30 a second. */
function track(w: World, bone: string, from: number, to: number) {
  const index = new Skeleton(BODY.bones).index(bone);
  const out = [];
  for (let t = from; t <= to; t += 1 / 30)
    out.push({ t, at: w.at(t).people[0]?.frames[index]?.position ?? [0, 0, 0] });
  return out;
}

describe('World', () => {
  it.each(['fall-collapse', 'fall-sideways', 'fall-forward', 'fall-backward'])(
    '%s: down within about a second, then still for ten',
    (fall) => {
      const w = world([someone({ at: 2, do: fall })], ROOMY);
      const pelvis = track(w, 'root', 1.9, 14);
      const landed = pelvis.find((p) => p.t > 2 && p.at[1] < 0.3);
      expect(landed?.t).toBeLessThan(3.2);
      expect(landed?.t).toBeGreaterThan(2.4);
      const head = track(w, 'head', 4, 14);
      for (const p of head) {
        expect(p.at[1]).toBeLessThan(0.45);
        expect(distance(p.at, head[0]?.at ?? [9, 9, 9])).toBeLessThan(0.02);
      }
    },
  );

  it('falls without rising again and without leaving the cabin', () => {
    for (const fall of ['fall-collapse', 'fall-sideways', 'fall-forward', 'fall-backward']) {
      const w = world([someone({ at: 2, do: fall })], ROOMY);
      let lowest = Infinity;
      for (const p of track(w, 'root', 2, 3.2)) {
        expect(p.at[1]).toBeLessThan(lowest + 0.12);
        lowest = Math.min(lowest, p.at[1]);
      }
      const state = w.at(5);
      const v = skin(
        BODY.parts[0] as (typeof BODY.parts)[number],
        state.people[0]?.matrices ?? new Float64Array(),
      );
      let floor = Infinity;
      for (let i = 0; i < v.length; i += 3) {
        expect(Math.abs(v[i] as number)).toBeLessThan(w.scenario.cabin.width / 2 + 0.01);
        expect(Math.abs(v[i + 2] as number)).toBeLessThan(w.scenario.cabin.depth / 2 + 0.01);
        floor = Math.min(floor, v[i + 1] as number);
      }
      expect(Math.abs(floor)).toBeLessThan(0.03);
    }
  });

  it('gets up again from a fall with a duration', () => {
    const w = world([someone({ at: 2, do: 'fall-collapse', for: 9 })]);
    expect(track(w, 'root', 6, 6)[0]?.at[1]).toBeLessThan(0.3);
    expect(track(w, 'root', 12, 12)[0]?.at[1]).toBeGreaterThan(0.9);
  });

  it.each(['crouch', 'sit', 'tie-shoe'])('%s: lowers the body on feet that stay where they are', (action) => {
    const w = world([someone({ at: 2, do: action, for: 8 })]);
    const foot = track(w, 'foot.L', 0, 12);
    for (const p of foot) expect(distance(p.at, foot[0]?.at ?? [9, 9, 9])).toBeLessThan(0.03);
    expect(track(w, 'root', 6, 6)[0]?.at[1]).toBeLessThan(0.6);
    expect(track(w, 'root', 11, 11)[0]?.at[1]).toBeGreaterThan(0.9);
  });

  it('brings a hand to the panel', () => {
    const w = world([
      { ...someone({ at: 2, do: 'press-button', for: 4 }), start: { x: -0.45, z: 0.3, face: -40 } },
    ]);
    const { cabin } = w.scenario;
    const hand = track(w, 'wrist.R', 4, 4)[0]?.at ?? [9, 9, 9];
    expect(distance(hand, [-(cabin.width / 2 - 0.17), 1.22, cabin.depth / 2 - 0.34])).toBeLessThan(0.12);
  });

  it('pushes a bike along with its owner and leaves it where it was let go', () => {
    const w = world(
      [
        {
          id: 'ann',
          start: { x: -0.2, z: 2, face: 180 },
          steps: [
            { at: 1, do: 'walk', to: [[-0.2, 0.2]], face: 180, keepFacing: true },
            { at: 10, do: 'walk', to: [[-0.2, 2]] },
          ],
        },
      ],
      { objects: [{ id: 'bike', kind: 'ebike-city', held: [{ by: 'ann', from: 0, until: 8 }] }] },
    );
    expect(w.at(0).things[0]?.position[2]).toBeGreaterThan(1.8);
    const parked = w.at(9).things[0];
    expect(parked?.position[2]).toBeLessThan(0.4);
    expect(parked?.heldBy).toBeUndefined();
    expect(w.at(18).things[0]?.position).toEqual(parked?.position);
    expect(w.at(6).things[0]?.rolled).toBeGreaterThan(4);
  });

  it('is the same world for the same seed, and another for another', () => {
    const make = (seed: number) =>
      JSON.stringify(
        world([someone({ at: 1, do: 'phone', for: 6 })], { seed }).at(5).people[0]?.posture.root,
      );
    expect(make(4)).toBe(make(4));
    expect(make(4)).not.toBe(make(5));
  });
});
