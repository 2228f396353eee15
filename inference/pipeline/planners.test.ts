import { expect, test } from 'vitest';
import { shareInside } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { boxAt, GOOD_PICTURE } from '../testing/scenes.ts';
import { createMotionGate } from './motion-gate.ts';
import { createPosePlanner } from './pose-planner.ts';
import { cornerCrops, createZoomPlanner, cropAround } from './zoom-planner.ts';

const OPTIONS = inferenceOptions();
const MOVING = { ...GOOD_PICTURE, motion: 0.2 };

/** Times, s, of the looks the gate grants. */
function looks(
  fps: number,
  end: number,
  at: (ts: number) => { moving?: boolean; pressing?: boolean },
): number[] {
  const gate = createMotionGate(OPTIONS.gate);
  const granted: number[] = [];
  for (let n = 0; (n * 1000) / fps < end; n++) {
    const ts = (n * 1000) / fps;
    const { moving = false, pressing = false } = at(ts);
    if (!gate.due(ts, moving ? MOVING : GOOD_PICTURE, pressing)) continue;
    gate.looked(ts);
    granted.push(ts / 1000);
  }
  return granted;
}

test.each([5, 10, 15, 25])('a still cabin gets a look a second of a %i fps camera', (fps) => {
  const granted = looks(fps, 10_000, () => ({}));
  expect(granted.length).toBeGreaterThanOrEqual(10);
  expect(granted.length).toBeLessThanOrEqual(11);
});

test.each([5, 10, 15, 25])(
  'motion brings up to five looks a second of a %i fps camera, and two seconds more',
  (fps) => {
    const granted = looks(fps, 12_000, (ts) => ({ moving: ts >= 2000 && ts < 6000 }));
    const busy = granted.filter((t) => t >= 2 && t < 8);
    expect(busy.length).toBeGreaterThanOrEqual(29);
    expect(busy.length).toBeLessThanOrEqual(33);
    expect(granted.filter((t) => t >= 8.5).length).toBeLessThanOrEqual(4);
  },
);

test('what is undecided keeps the looks coming without motion', () => {
  expect(looks(5, 10_000, () => ({ pressing: true })).length).toBe(50);
});

test('a frame denied is not lost: a look stays due until one is begun', () => {
  const gate = createMotionGate(OPTIONS.gate);
  expect(gate.due(0, GOOD_PICTURE, false)).toBe(true);
  expect(gate.due(100, GOOD_PICTURE, false)).toBe(true);
  gate.looked(100);
  expect(gate.due(200, GOOD_PICTURE, false)).toBe(false);
});

test('poses are looked for around people and motion, and every third second otherwise', () => {
  const planner = createPosePlanner(OPTIONS.pose);
  const planned: number[] = [];
  for (let ts = 0; ts <= 20_000; ts += 500) if (planner.plan(ts, ts >= 5000 && ts < 7000)) planned.push(ts);
  expect(planned.filter((ts) => ts < 5000)).toEqual([0, 3000]);
  expect(planned.filter((ts) => ts >= 5000 && ts <= 9500)).toHaveLength(10);
  expect(planned.filter((ts) => ts > 9500)).toEqual([12_500, 15_500, 18_500]);
});

const zoom = (
  parts: Partial<typeof GOOD_PICTURE> = {},
  lead?: ReturnType<typeof boxAt>,
  decided = false,
) => ({
  picture: { ...GOOD_PICTURE, ...parts },
  lead,
  decided,
});

test('crops go round the four corners while something large is new, and then stop', () => {
  const planner = createZoomPlanner(OPTIONS.zoom);
  expect(planner.plan(0, zoom())).toEqual([]);
  const crops = [];
  for (let ts = 1000; ts <= 20_000; ts += 200) crops.push(...planner.plan(ts, zoom({ foreground: 0.3 })));
  expect(crops).toHaveLength(31);
  expect(new Set(crops.slice(0, 4)).size).toBe(4);
  expect(planner.busy).toBe(false);
});

test('a lead is looked at closely at every look, whether or not something large is new', () => {
  const lead = boxAt(0.7, 0.6, 0.3, 0.4);
  for (const foreground of [0, 0.3]) {
    const planner = createZoomPlanner(OPTIONS.zoom);
    for (let ts = 0; ts <= 2000; ts += 200) {
      const [crop, ...more] = planner.plan(ts, zoom({ foreground }, lead));
      expect(more).toEqual([]);
      expect(shareInside(lead, crop!)).toBeCloseTo(1);
      expect(planner.busy).toBe(true);
    }
  }
});

test('a lead that stays is looked at again and again, ever more seldom', () => {
  const planner = createZoomPlanner(OPTIONS.zoom);
  const begun: number[] = [];
  let pursued = false;
  for (let ts = 0; ts <= 200_000; ts += 200) {
    const crops = planner.plan(ts, zoom({}, boxAt(0.5)));
    if (crops.length > 0 && !pursued) begun.push(Math.floor(ts / 1000));
    pursued = crops.length > 0;
  }
  expect(begun).toEqual([0, 5, 12, 25, 48, 90, 153]);
});

test('a lead that went and came back is a new one, one that flickers is not', () => {
  const planner = createZoomPlanner(OPTIONS.zoom);
  const cropsAt = (ts: number, lead: boolean): number =>
    planner.plan(ts, zoom({}, lead ? boxAt(0.5) : undefined)).length;
  for (let ts = 0; ts <= 4000; ts += 200) cropsAt(ts, true);
  cropsAt(4200, false);
  expect(cropsAt(4400, true)).toBe(0);
  for (let ts = 4600; ts <= 6800; ts += 200) cropsAt(ts, false);
  expect(cropsAt(10_000, true)).toBe(1);
});

test('a lead that leads nowhere gives the corners their turn again', () => {
  const planner = createZoomPlanner(OPTIONS.zoom);
  const corners = cornerCrops(OPTIONS.zoom.cropSize);
  const later = [];
  for (let ts = 0; ts <= 5000; ts += 200) {
    const plan = planner.plan(ts, zoom({ foreground: 0.3 }, boxAt(0.5)));
    if (ts > 2600) later.push(...plan);
  }
  expect(later.length).toBeGreaterThan(8);
  for (const crop of later) expect(corners).toContainEqual(crop);
});

test('a confirmed bike is watched once a second at its place', () => {
  const planner = createZoomPlanner(OPTIONS.zoom);
  let crops = 0;
  for (let ts = 0; ts < 10_000; ts += 200)
    crops += planner.plan(ts, zoom({ foreground: 0.3 }, boxAt(0.5), true)).length;
  expect(crops).toBe(10);
});

test('no crops when switched off', () => {
  const planner = createZoomPlanner({ ...OPTIONS.zoom, cropsPerLook: 0 });
  expect(planner.plan(0, zoom({ foreground: 0.9, motion: 0.9 }, boxAt(0.5)))).toEqual([]);
});

test('crops cover the whole picture and stay inside it', () => {
  for (const size of [0.5, 0.62, 1]) {
    const crops = [
      ...cornerCrops(size),
      cropAround(boxAt(0.05, 0.05), size),
      cropAround(boxAt(0.9, 0.9, 0.9, 0.9), size),
    ];
    for (const c of crops) {
      expect(Math.min(c.x1, c.y1)).toBeGreaterThanOrEqual(0);
      expect(Math.max(c.x2, c.y2)).toBeLessThanOrEqual(1 + 1e-9);
    }
    for (const [x, y] of [
      [0.01, 0.01],
      [0.99, 0.99],
      [0.5, 0.5],
      [0.01, 0.99],
    ]) {
      expect(cornerCrops(size).some((c) => x! >= c.x1 && x! <= c.x2 && y! >= c.y1 && y! <= c.y2)).toBe(true);
    }
  }
});
