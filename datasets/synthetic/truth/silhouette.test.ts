import { describe, expect, it } from 'vitest';
import { createLens, Projector } from '../lens.ts';
import { skinMatrices } from '../motion/skinning.ts';
import { stickBody } from '../testing/stick-body.ts';
import { MaskView, Silhouette } from './silhouette.ts';

const [WIDTH, HEIGHT] = [160, 120];
/** Two metres before a body that stands at the origin, at the height of its belly. */
const FRONT = { position: [0, 1, 2.4], right: [-1, 0, 0], up: [0, 1, 0], forward: [0, 0, -1] } as const;

function outline() {
  const body = stickBody();
  const frames = body.bones.map((b) => ({ position: b.head, rotation: [0, 0, 0, 1] as const }));
  const silhouette = new Silhouette(new Projector(FRONT, createLens(70, 0.3), WIDTH, HEIGHT), WIDTH, HEIGHT);
  for (const part of body.parts) silhouette.addPart(part, skinMatrices(body.bones, frames));
  return silhouette;
}

/** A mask in which `id` fills the rectangle, 2 m away. */
function mask(id: number, x1: number, y1: number, x2: number, y2: number): MaskView {
  const bytes = new Uint8Array(WIDTH * HEIGHT * 2);
  for (let y = y1; y < y2; y++) {
    for (let x = x1; x < x2; x++) {
      bytes[y * WIDTH + x] = id;
      bytes[(HEIGHT + y) * WIDTH + x] = 64;
    }
  }
  return new MaskView(bytes, WIDTH, HEIGHT);
}

describe('MaskView', () => {
  it('finds the tight box and the pixels of everyone', () => {
    const view = mask(3, 40, 30, 60, 90);
    expect(view.extents().get(3)).toEqual({ box: [0.25, 0.25, 0.375, 0.75], pixels: 1200 });
    expect(view.extents().size).toBe(1);
    expect(view.distance(41, 31)).toBeCloseTo(2.01, 2);
  });

  it('refuses masks of another size', () => {
    expect(() => new MaskView(new Uint8Array(10), WIDTH, HEIGHT)).toThrow(/have 38400 bytes, got 10/);
  });
});

describe('Silhouette', () => {
  it('bounds what it is given', () => {
    const [x1, y1, x2, y2] = outline().box ?? [0, 0, 0, 0];
    expect((x1 + x2) / 2).toBeCloseTo(0.5, 2);
    expect(x2 - x1).toBeGreaterThan(0.2);
    expect(y1).toBeLessThan(0.2);
    expect(y2).toBeGreaterThan(0.85);
  });

  it('tells how much of the outline is seen', () => {
    expect(outline().visibleShare(mask(3, 0, 0, WIDTH, HEIGHT), 3)).toBe(1);
    expect(outline().visibleShare(mask(3, 0, 0, WIDTH, HEIGHT), 4)).toBe(0);
    expect(outline().visibleShare(mask(3, 0, 0, WIDTH / 2, HEIGHT), 3)).toBeCloseTo(0.5, 1);
  });

  it('counts what the edge of the picture cuts off as unseen', () => {
    const body = stickBody();
    const close = { ...FRONT, position: [0, 1.6, 0.75] } as const;
    const silhouette = new Silhouette(
      new Projector(close, createLens(70, 0.3), WIDTH, HEIGHT),
      WIDTH,
      HEIGHT,
    );
    const frames = body.bones.map((b) => ({ position: b.head, rotation: [0, 0, 0, 1] as const }));
    for (const part of body.parts) silhouette.addPart(part, skinMatrices(body.bones, frames));
    expect(silhouette.visibleShare(mask(3, 0, 0, WIDTH, HEIGHT), 3)).toBeLessThan(0.8);
  });
});
