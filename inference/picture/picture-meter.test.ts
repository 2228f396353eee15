import { expect, test } from 'vitest';
import type { Box } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { type Painted, paintFrame } from '../testing/fake-vision.ts';
import { createPictureMeter, type PictureMeter } from './picture-meter.ts';

const OPTIONS = inferenceOptions().picture;
const FIGURE: Box = { x1: 0.3, y1: 0.2, x2: 0.6, y2: 0.95 };

/** A meter that has learnt the empty cabin over ten seconds. */
function learnt(): PictureMeter {
  const meter = createPictureMeter(OPTIONS);
  for (let ts = 0; ts < 10_000; ts += 200) {
    meter.measure(paintFrame(ts));
    meter.learnEmpty(ts);
  }
  return meter;
}

const measure = (meter: PictureMeter, ts: number, p: Painted = {}) => meter.measure(paintFrame(ts, p));

test('sensor noise is no motion, a step aside is', () => {
  const meter = createPictureMeter(OPTIONS);
  measure(meter, 0, { figures: [FIGURE] });
  expect(measure(meter, 200, { figures: [FIGURE] }).motion).toBe(0);
  const moved = { ...FIGURE, x1: 0.4, x2: 0.7 };
  expect(measure(meter, 400, { figures: [moved] }).motion).toBeGreaterThan(0.08);
});

test('a lamp that dims everything alike moves little', () => {
  const meter = createPictureMeter(OPTIONS);
  measure(meter, 0);
  const dimmed = measure(meter, 200, { light: 0.93 });
  expect(dimmed.motion).toBeLessThan(0.02);
});

test('a figure is foreground by its size, an empty cabin has none', () => {
  const meter = learnt();
  expect(measure(meter, 10_200).foreground).toBeLessThan(0.01);
  const { foreground } = measure(meter, 10_400, { figures: [FIGURE] });
  expect(foreground).toBeGreaterThan(0.15);
  expect(foreground).toBeLessThan(0.35);
});

test.each([
  ['dimmed', { light: 0.6 }],
  ['brightened', { light: 1.4 }],
  ['lit from the side', { tilt: 0.5 }],
])('a cabin %s is still empty, and a figure in it still stands out', (_what, light) => {
  const meter = learnt();
  expect(measure(meter, 10_200, light).foreground).toBeLessThan(0.05);
  expect(measure(meter, 10_400, { ...light, figures: [FIGURE] }).foreground).toBeGreaterThan(0.12);
});

test('nothing is foreground before the empty cabin was seen for a while', () => {
  const meter = createPictureMeter(OPTIONS);
  measure(meter, 0);
  meter.learnEmpty(0);
  expect(measure(meter, 200, { figures: [FIGURE] }).foreground).toBe(0);
});

test('what is left behind becomes background, but only after minutes', () => {
  const meter = learnt();
  const after = (from: number, seconds: number): number => {
    let last = 0;
    for (let ts = from; ts <= from + seconds * 1000; ts += 1000) {
      last = measure(meter, ts, { figures: [FIGURE] }).foreground;
      meter.learnEmpty(ts);
    }
    return last;
  };
  expect(after(11_000, 20)).toBeGreaterThan(0.15);
  expect(after(32_000, 400)).toBeLessThan(0.02);
});

test('grey, dark and covered pictures measure as such', () => {
  const meter = createPictureMeter(OPTIONS);
  const normal = measure(meter, 0);
  expect(normal.grey).toBe(false);
  expect(measure(meter, 200, { grey: true }).grey).toBe(true);
  expect(measure(meter, 400, { light: 0.02 }).luma).toBeLessThan(OPTIONS.darkLuma);
  const covered = measure(meter, 600, { covered: true });
  expect(covered.detail).toBeLessThan(normal.detail / 5);
  expect(covered.contrast).toBeLessThan(normal.contrast / 5);
});

test('a clock burnt into the picture is no detail of the cabin', () => {
  const covered = (clock: boolean) => {
    const frame = paintFrame(0, { covered: true });
    const rowBytes = frame.width * 3;
    // Strokes in the upper tenth, over half the width.
    if (clock)
      for (let y = 2; y < frame.height / 10; y++)
        for (let x = 0; x < rowBytes / 2; x += 36)
          frame.data.fill(255, y * rowBytes + x, y * rowBytes + x + 18);
    const { detail, contrast } = createPictureMeter(OPTIONS).measure(frame);
    return { detail, contrast };
  };
  expect(covered(true)).toEqual(covered(false));
});

test('identical means every sampled byte, so noise ends it', () => {
  const meter = createPictureMeter(OPTIONS);
  expect(measure(meter, 0).identical).toBe(false);
  expect(measure(meter, 0).identical).toBe(true);
  expect(measure(meter, 200).identical).toBe(false);
});

test('motion inside a box adds up until it is asked for anew', () => {
  const meter = createPictureMeter(OPTIONS);
  measure(meter, 0);
  measure(meter, 200, { figures: [FIGURE] });
  measure(meter, 400, { figures: [FIGURE] });
  expect(meter.motionIn(FIGURE)).toBeGreaterThan(0.7);
  expect(meter.motionIn({ x1: 0.7, y1: 0.2, x2: 0.95, y2: 0.9 })).toBe(0);
  meter.restartMotion();
  expect(meter.motionIn(FIGURE)).toBe(0);
  expect(meter.motionIn({ x1: 1.1, y1: 0, x2: 1.4, y2: 1 })).toBe(0);
});

test('a change of size mid-stream is taken in stride', () => {
  const meter = createPictureMeter(OPTIONS);
  measure(meter, 0);
  const small = paintFrame(200);
  const data = new Uint8Array(64 * 48 * 3).fill(128);
  const stats = meter.measure({ ...small, width: 64, height: 48, data, close() {} });
  expect(stats.identical).toBe(false);
  expect(stats.luma).toBeCloseTo(0.5, 1);
});
