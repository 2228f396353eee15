import { expect, test } from 'vitest';
import type { PictureDoubt, PictureStats } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { GOOD_PICTURE } from '../testing/scenes.ts';
import { createPictureJudge } from './picture-judge.ts';

const OPTIONS = inferenceOptions();
const COVERED = { detail: 0.006, contrast: 0.03 };

/** Judges a picture a step and gives each change of opinion as `doubt@seconds`. */
function judge(
  script: (ts: number) => Partial<PictureStats>,
  end: number,
  step = 200,
  options = OPTIONS,
): string[] {
  const judge = createPictureJudge(options);
  let last: PictureDoubt | undefined;
  const changes: string[] = [];
  for (let ts = 0; ts <= end; ts += step) {
    const doubt = judge.push(ts, { ...GOOD_PICTURE, ...script(ts) });
    if (doubt !== last) changes.push(`${doubt ?? 'good'}@${ts / 1000}`);
    last = doubt;
  }
  return changes;
}

test('a normal picture raises no doubt, whatever the camera’s normal is', () => {
  expect(judge(() => ({}), 60_000)).toEqual([]);
  expect(judge(() => ({ detail: 0.012, contrast: 0.06 }), 60_000)).toEqual([]);
});

test('a cover is doubted at once, and until most of the detail is back', () => {
  const script = (ts: number) =>
    ts < 10_000 ? {} : ts < 20_000 ? COVERED : ts < 25_000 ? { detail: 0.025, contrast: 0.1 } : {};
  expect(judge(script, 40_000)).toEqual(['blocked@10', 'good@25']);
});

test('a lens blind from the start needs no normal to compare with', () => {
  expect(judge(() => ({ detail: 0.001, contrast: 0.01 }), 5000)).toEqual(['blocked@0']);
});

test('light that is dimmed lowers detail and brightness alike: no cover', () => {
  const script = (ts: number) => (ts < 10_000 ? {} : { luma: 0.15, detail: 0.015, contrast: 0.06 });
  expect(judge(script, 30_000)).toEqual([]);
});

test('somebody close to the lens hides detail, but not so much', () => {
  const script = (ts: number) => (ts < 10_000 ? {} : { detail: 0.025, contrast: 0.12 });
  expect(judge(script, 30_000)).toEqual([]);
});

test('too dark to judge is dark, not blocked', () => {
  const script = (ts: number) => (ts < 10_000 ? {} : { luma: 0.02, detail: 0.001, contrast: 0.005 });
  expect(judge(script, 20_000)).toEqual(['dark@10']);
});

test('a picture that repeats for eight seconds is frozen, until a second of live ones', () => {
  const frozen = (ts: number) => ts >= 10_000 && ts < 40_000;
  // One odd frame, as after a lost packet, is not yet a live picture.
  const changes = judge((ts) => ({ identical: frozen(ts) && ts !== 30_000 }), 60_000);
  expect(changes.map((c) => c.split('@')[0])).toEqual(['frozen', 'good']);
  const [since, until] = changes.map((c) => Number(c.split('@')[1]));
  expect(since).toBeGreaterThanOrEqual(17.5);
  expect(since).toBeLessThanOrEqual(19);
  expect(until).toBeGreaterThanOrEqual(40);
  expect(until).toBeLessThanOrEqual(42);
});

test('repeats with changes between them, or a source slower than asked for, are not frozen', () => {
  expect(judge((ts) => ({ identical: ts % 8000 > 1000 }), 120_000)).toEqual([]);
  expect(judge((ts) => ({ identical: ts % 600 !== 0 }), 120_000)).toEqual([]);
});

test('at one frame a second a frozen picture is seen as well', () => {
  expect(judge((ts) => ({ identical: ts > 5000 }), 40_000, 1000)).toHaveLength(1);
});

test('grey is infrared only on a camera that has shown colour, and only once it lasts', () => {
  expect(judge(() => ({ grey: true }), 60_000)).toEqual([]);
  expect(judge((ts) => ({ grey: ts >= 20_000 && ts < 30_000 }), 40_000)).toEqual([
    'infrared@21.8',
    'good@30',
  ]);
  expect(judge((ts) => ({ grey: ts % 3000 >= 1500 }), 60_000)).toEqual([]);
});

test('a cover that outlasts the cap becomes the new normal', () => {
  const options = inferenceOptions({ cameraBlocked: { capSeconds: 60 } });
  const changes = judge((ts) => (ts < 10_000 ? {} : COVERED), 200_000, 200, options);
  expect(changes[0]).toBe('blocked@10');
  expect(changes[1]).toMatch(/^good@70/);
  expect(changes).toHaveLength(2);
});
