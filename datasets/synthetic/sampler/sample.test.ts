import { describe, expect, it } from 'vitest';
import { createLens } from '../lens.ts';
import { stickBody } from '../testing/stick-body.ts';
import { World } from '../world.ts';
import { STILL_AT, sampleScenario } from './sample.ts';

const MANY = Array.from({ length: 60 }, (_, i) => sampleScenario(5, i));

describe('sampleScenario', () => {
  it('gives the same world for the same seed, and different worlds otherwise', () => {
    expect(sampleScenario(5, 3)).toEqual(sampleScenario(5, 3));
    expect(new Set(MANY.map((s) => JSON.stringify(s.cabin))).size).toBe(MANY.length);
    expect(sampleScenario(6, 3).cabin).not.toEqual(sampleScenario(5, 3).cabin);
  });

  it('spreads over cameras, crowds and things', () => {
    expect(new Set(MANY.map((s) => s.camera.mount)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(MANY.map((s) => s.people.length)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(MANY.flatMap((s) => s.objects.map((o) => o.kind))).size).toBeGreaterThanOrEqual(6);
    expect(MANY.some((s) => s.camera.infrared)).toBe(true);
    for (const s of MANY) expect(() => createLens(s.camera.hfov, s.camera.fisheye)).not.toThrow();
  });

  it('keeps people apart from each other and inside', () => {
    for (const s of MANY) {
      const state = new World(s, new Map(s.people.map((p) => [p.id, stickBody()]))).at(STILL_AT);
      state.people.forEach((p, i) => {
        expect(Math.abs(p.posture.root[0])).toBeLessThan(s.cabin.width / 2);
        expect(Math.abs(p.posture.root[2])).toBeLessThan(s.cabin.depth / 2);
        for (const q of state.people.slice(i + 1))
          expect(
            Math.hypot(
              p.performance.floor.x - q.performance.floor.x,
              p.performance.floor.z - q.performance.floor.z,
            ),
          ).toBeGreaterThan(0.3);
      });
    }
  });
});
