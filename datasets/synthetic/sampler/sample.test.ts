import { describe, expect, it } from 'vitest';
import { findCollisions } from '../collisions.ts';
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

  it('draws things that are pushed, carried and left, sometimes two of them', () => {
    expect(MANY.some((s) => s.objects.length === 2)).toBe(true);
    const things = MANY.flatMap((s) => s.objects);
    expect(things.some((o) => o.held.length > 0)).toBe(true);
    expect(things.some((o) => o.start)).toBe(true);
  });

  it('catches some people on their way in, and some at the door', () => {
    const steps = MANY.flatMap((s) => s.people.flatMap((p) => p.steps.map((step) => step.do)));
    expect(steps).toContain('walk');
    expect(steps.some((name) => ['pry-door', 'knock-on-door', 'hold-door'].includes(name))).toBe(true);
  });

  it('lets hardly anybody stand in a wall, in a thing or in each other', () => {
    const bad = MANY.filter((s) => {
      const bodies = new Map(s.people.map((p) => [p.id, stickBody()]));
      return findCollisions(new World(s, bodies), bodies, [STILL_AT]).some((c) => c.depth > 0.12);
    });
    expect(bad.map((s) => s.name).length).toBeLessThanOrEqual(3);
  });
});
