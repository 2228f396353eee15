import { describe, expect, it } from 'vitest';
import { type Box, type Keypoint, type Scene, type Track, WHOLE_PICTURE } from '../../core/index.ts';
import { faceRegions } from './face-regions.ts';

const AT = 10_000;
const STANDING: Box = { x1: 0.4, y1: 0.2, x2: 0.5, y2: 0.9 };
const LYING: Box = { x1: 0.2, y1: 0.7, x2: 0.7, y2: 0.9 };

const person = (box: Box, more: Partial<Track> = {}): Track => ({
  trackId: 1,
  label: 'person',
  score: 0.8,
  box,
  firstSeen: AT - 5000,
  lastSeen: AT,
  state: 'confirmed',
  ...more,
});

const scene = (people: readonly Track[], more: Partial<Scene> = {}): Scene => ({
  liftId: 'l',
  ts: AT,
  aspect: 16 / 9,
  inferred: true,
  people,
  objects: [],
  picture: { luma: 0.5, contrast: 0.2, detail: 0.1, motion: 0, foreground: 0, grey: false, identical: false },
  ...more,
});

/** A face at this place, as seen from the front; the rest of the joints is guessed somewhere. */
const joints = (x: number, y: number, score = 0.8): Keypoint[] =>
  Array.from({ length: 17 }, (_, i) =>
    i < 5 ? { x: x + (i - 2) * 0.01, y: y + (i % 2) * 0.01, score } : { x: 0.45, y: 0.6, score: 0.1 },
  );

const holds = (regions: readonly Box[], x: number, y: number): boolean =>
  regions.some((r) => x >= r.x1 && x <= r.x2 && y >= r.y1 && y <= r.y2);

describe('faceRegions', () => {
  it('hides nothing where nobody is', () => {
    expect(faceRegions(scene([]), AT)).toEqual([]);
  });

  it('hides the face with hair and chin, and leaves the legs to be seen', () => {
    const regions = faceRegions(scene([person(STANDING, { keypoints: joints(0.45, 0.28) })]), AT);
    for (const [x, y] of [
      [0.45, 0.22],
      [0.45, 0.36],
      [0.42, 0.28],
      [0.48, 0.28],
    ] as const)
      expect(holds(regions, x, y)).toBe(true);
    expect(holds(regions, 0.45, 0.7)).toBe(false);
  });

  it('without a pose hides the upper part of who stands, and all of who lies', () => {
    const upright = faceRegions(scene([person(STANDING)]), AT);
    expect(holds(upright, 0.41, 0.2) && holds(upright, 0.49, 0.45)).toBe(true);
    expect(holds(upright, 0.45, 0.75)).toBe(false);
    const lying = faceRegions(scene([person(LYING)]), AT);
    expect(holds(lying, 0.2, 0.9) && holds(lying, 0.7, 0.7)).toBe(true);
  });

  it('does not rely on a guessed face, nor on one that lies outside the head’s place alone', () => {
    const guessed = faceRegions(scene([person(STANDING, { keypoints: joints(0.9, 0.9, 0.1) })]), AT);
    expect(guessed).toEqual(faceRegions(scene([person(STANDING)]), AT));
    const odd = faceRegions(scene([person(STANDING, { keypoints: joints(0.45, 0.85) })]), AT);
    expect(holds(odd, 0.45, 0.25) && holds(odd, 0.45, 0.85)).toBe(true);
  });

  it('hides more the older the scene or the track is', () => {
    const area = ([r]: readonly Box[]): number => (r ? (r.x2 - r.x1) * (r.y2 - r.y1) : 0);
    const now = area(faceRegions(scene([person(STANDING)]), AT));
    expect(area(faceRegions(scene([person(STANDING)]), AT + 400))).toBeGreaterThan(now * 1.5);
    expect(area(faceRegions(scene([person(STANDING, { lastSeen: AT - 400 })]), AT))).toBeGreaterThan(
      now * 1.5,
    );
  });

  it('hides everything where the scene cannot be relied on', () => {
    const crowd = Array.from({ length: 5 }, (_, i) => person(STANDING, { trackId: i }));
    expect(faceRegions(undefined, AT)).toEqual([WHOLE_PICTURE]);
    expect(faceRegions(scene([]), AT + 3001)).toEqual([WHOLE_PICTURE]);
    expect(faceRegions(scene([], { doubt: 'dark' }), AT)).toEqual([WHOLE_PICTURE]);
    expect(faceRegions(scene(crowd), AT)).toEqual([WHOLE_PICTURE]);
  });
});
