import { describe, expect, it } from 'vitest';
import type { I420Picture } from '../../core/index.ts';
import { CallTimeline } from './call-timeline.ts';
import { canvasSize, compose } from './canvas.ts';

function picture(width: number, height: number, luma: number): I420Picture {
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const data = new Uint8Array(width * height + chroma * 2).fill(128);
  data.fill(luma, 0, width * height);
  return { width, height, data };
}

const lumaAt = (data: Uint8Array, width: number, x: number, y: number): number => data[y * width + x]!;

describe('the picture of a recording', () => {
  it.each([
    [640, 360, 640, 360],
    [1280, 720, 640, 360],
    [480, 800, 384, 640],
    [427, 241, 428, 242],
  ])('of %i×%i has the size %i×%i', (width, height, w, h) => {
    expect(canvasSize({ width, height })).toEqual({ width: w, height: h });
  });

  it.each([
    [320, 180],
    [1280, 720],
    [427, 241],
  ])('is filled by one of %i×%i', (width, height) => {
    const size = { width: 640, height: 360 };
    const data = compose(size, picture(width, height, 200), undefined);
    expect(data).toHaveLength(640 * 360 * 1.5);
    expect(lumaAt(data, 640, 320, 180)).toBe(200);
    expect(lumaAt(data, 640, 3, 180)).toBe(200);
    expect(new Set(data.subarray(640 * 360))).toEqual(new Set([128]));
  });

  it('keeps its shape whatever comes, with black beside it', () => {
    const data = compose({ width: 640, height: 360 }, picture(240, 320, 200), undefined);
    expect([100, 320, 540].map((x) => lumaAt(data, 640, x, 180))).toEqual([16, 200, 16]);
  });

  it('has the operator in a corner, and alone where the cabin shows nothing', () => {
    const size = { width: 640, height: 360 };
    const both = compose(size, picture(640, 360, 50), picture(320, 240, 220));
    expect([lumaAt(both, 640, 100, 100), lumaAt(both, 640, 560, 315)]).toEqual([50, 220]);
    const alone = compose(size, undefined, picture(320, 240, 220));
    expect([lumaAt(alone, 640, 100, 100), lumaAt(alone, 640, 560, 315)]).toEqual([16, 220]);
  });

  it('has smooth steps where it is made larger', () => {
    const ramp = picture(4, 4, 0);
    for (let i = 0; i < 16; i += 1) ramp.data[i] = (i % 4) * 80;
    const row = compose({ width: 16, height: 16 }, ramp, undefined).subarray(128, 144);
    for (let x = 1; x < 16; x += 1) expect(row[x]! - row[x - 1]!).toBeLessThanOrEqual(20);
    expect([row[0], row[15]]).toEqual([0, 240]);
  });
});

describe('the timeline of a recording', () => {
  const lumas = (pictures: readonly Uint8Array[], size: number): number[] =>
    pictures.map((p) => p[size / 2]!);

  it('has as many pictures as time has gone by, and their sound', () => {
    const timeline = new CallTimeline(10);
    timeline.picture('cabin', picture(64, 36, 90), 250);
    const first = timeline.takeUntil(500);
    expect(lumas(first.pictures, 64 * 36)).toEqual([16, 16, 16, 90, 90]);
    expect(first.sound).toHaveLength(48_000);
    const second = timeline.takeUntil(1_000);
    expect([second.pictures.length, second.sound.length, timeline.durationMs]).toEqual([5, 48_000, 1_000]);
    expect(timeline.takeUntil(1_000).pictures).toEqual([]);
  });

  it('shows each picture at its time, however many come', () => {
    const timeline = new CallTimeline(10);
    for (let n = 0; n < 30; n += 1) timeline.picture('cabin', picture(64, 36, n), n * 33);
    expect(lumas(timeline.takeUntil(1_000).pictures, 64 * 36)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
  });

  it('turns black where nothing has come for three seconds', () => {
    const timeline = new CallTimeline(1);
    timeline.picture('cabin', picture(64, 36, 90), 0);
    expect(lumas(timeline.takeUntil(6_000).pictures, 64 * 36)).toEqual([90, 90, 90, 90, 16, 16]);
  });

  it('waits for the cabin’s picture to know its size, but not for long', () => {
    const timeline = new CallTimeline(10);
    timeline.picture('operator', picture(320, 240, 90), 100);
    expect(timeline.takeUntil(2_900).pictures).toEqual([]);
    expect(timeline.size).toBeUndefined();
    expect(timeline.takeUntil(3_000).pictures).toHaveLength(30);
    expect(timeline.size).toEqual({ width: 640, height: 360 });
  });
});
