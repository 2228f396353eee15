import { describe, expect, it } from 'vitest';
import { cameraPose, createLens, Projector } from './lens.ts';
import { checkScenario } from './scenario/load.ts';

const { cabin, camera } = checkScenario({ name: 'x', duration: 1 });
const AHEAD = { position: [0, 0, 0], right: [1, 0, 0], up: [0, 1, 0], forward: [0, 0, 1] } as const;

describe('lens', () => {
  it('is a pinhole without fisheye', () => {
    const p = new Projector(AHEAD, createLens(90, 0), 640, 360);
    expect(p.project([0.5, 0, 1]).x).toBeCloseTo(0.75, 6);
    expect(p.project([0, 0.25, 1]).y).toBeCloseTo(0.5 - 0.125 * (640 / 360), 6);
  });

  it('maps equal angles to equal distances as a full fisheye', () => {
    const p = new Projector(AHEAD, createLens(160, 1), 640, 360);
    const at = (degrees: number) =>
      p.project([Math.sin((degrees * Math.PI) / 180), 0, Math.cos((degrees * Math.PI) / 180)]).x;
    expect(at(40)).toBeCloseTo(0.75, 6);
    expect(at(80)).toBeCloseTo(1, 6);
  });

  it('puts the edge of the field of view at the edge of the picture, whatever the lens', () => {
    for (const fisheye of [0, 0.3, 0.6, 1]) {
      const p = new Projector(AHEAD, createLens(100, fisheye), 640, 360);
      expect(p.project([Math.sin(0.8726646), 0, Math.cos(0.8726646)]).x).toBeCloseTo(1, 5);
    }
  });

  it('refuses a field of view that its lens cannot have', () => {
    expect(() => createLens(175, 0)).toThrow(/raise fisheye/);
  });

  it('hangs in the named corner, upright, looking at the far side', () => {
    const pose = cameraPose(cabin, { ...camera, mount: 'back-left' });
    expect(pose.position[0]).toBeGreaterThan(0.6);
    expect(pose.position[2]).toBeLessThan(-0.6);
    expect(pose.up[1]).toBeGreaterThan(0.5);
    expect(pose.forward[0]).toBeLessThan(0);
    expect(pose.forward[2]).toBeGreaterThan(0);
  });
});
