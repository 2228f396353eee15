import { expect, test } from 'vitest';
import type { Box, Track } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { seeded } from '../testing/fake-vision.ts';
import { createTracker, type Sighting, type Tracker } from './tracker.ts';

const OPTIONS = inferenceOptions().people;

function tracker(): Tracker {
  let ids = 0;
  return createTracker(OPTIONS, () => ++ids);
}

const at = (x: number, y = 0.5, w = 0.16, h = 0.6): Box => ({
  x1: x - w / 2,
  y1: y - h / 2,
  x2: x + w / 2,
  y2: y + h / 2,
});
const person = (box: Box, score = 0.8): Sighting => ({ label: 'person', score, box });

/** Runs a script from 0 to `end` ms and returns the tracks of every look. */
function follow(
  script: (ts: number) => Sighting[],
  end: number,
  step: number | (() => number) = 200,
  t = tracker(),
): { ts: number; tracks: readonly Track[] }[] {
  const looks = [];
  for (let ts = 0; ts <= end; ts += typeof step === 'number' ? step : step()) {
    looks.push({ ts, tracks: t.update(ts, script(ts)) });
  }
  return looks;
}

const seenIds = (looks: { tracks: readonly Track[] }[]): Set<number> =>
  new Set(looks.flatMap((l) => l.tracks.map((t) => t.trackId)));

test('one person walking at an irregular 1–10 fps keeps one id', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seeded(seed);
    const jitter = (): number => (random() - 0.5) * 0.02;
    const looks = follow(
      (ts) => [person(at(0.2 + 0.00008 * ts + jitter(), 0.5 + jitter(), 0.16 + jitter(), 0.6 + jitter()))],
      7000,
      () => 100 + random() * 900,
    );
    expect(seenIds(looks).size, `seed ${seed}`).toBe(1);
  }
});

test('the second sighting confirms; a single flash never does', () => {
  const looks = follow((ts) => (ts === 400 || ts >= 3000 ? [person(at(0.5))] : []), 4000);
  const states = looks.map((l) => l.tracks[0]?.state);
  expect(states.slice(2, 8)).toEqual(Array(6).fill('tentative'));
  expect(looks.find((l) => l.ts === 1800)?.tracks).toEqual([]);
  expect(looks.find((l) => l.ts === 3000)?.tracks[0]?.state).toBe('tentative');
  expect(looks.find((l) => l.ts === 3200)?.tracks[0]?.state).toBe('confirmed');
});

test('an id survives a two-second occlusion of someone standing', () => {
  const hidden = (ts: number): boolean => ts > 2000 && ts < 4000;
  const looks = follow((ts) => (hidden(ts) ? [] : [person(at(0.5))]), 6000);
  expect(seenIds(looks).size).toBe(1);
  expect(looks.find((l) => l.ts === 3000)?.tracks[0]?.state).toBe('lost');
  expect(looks.find((l) => l.ts === 4000)?.tracks[0]?.state).toBe('confirmed');
});

test('an id survives a two-second occlusion of someone walking on behind another', () => {
  const hidden = (ts: number): boolean => ts > 2000 && ts < 4000;
  const walker = (ts: number): Box => at(0.25 + 0.00006 * ts);
  const looks = follow(
    (ts) => [person(at(0.42, 0.55, 0.25, 0.8), 0.9), ...(hidden(ts) ? [] : [person(walker(ts))])],
    6000,
  );
  expect(seenIds(looks).size).toBe(2);
  const end = looks.at(-1)!.tracks;
  expect(end.find((t) => Math.abs(t.box.x1 - walker(6000).x1) < 0.02)?.trackId).toBe(2);
});

test('after longer than lostSeconds the track is gone and a new id is given', () => {
  const looks = follow((ts) => (ts > 1000 && ts < 5000 ? [] : [person(at(0.5))]), 6000);
  expect(looks.find((l) => l.ts === 4600)?.tracks).toEqual([]);
  expect([...seenIds(looks)]).toEqual([1, 2]);
});

test('a light change — scores sink, boxes jitter, two looks see nothing — keeps the ids', () => {
  const random = seeded(3);
  const jitter = (): number => (random() - 0.5) * 0.06;
  const script = (ts: number): Sighting[] => {
    const dim = ts >= 2000 && ts < 4000;
    if (ts === 2000 || ts === 2200) return [];
    return [0.3, 0.7].map((x) =>
      person(
        dim ? at(x + jitter(), 0.5 + jitter(), 0.16 + jitter(), 0.6 + jitter()) : at(x),
        dim ? 0.2 : 0.8,
      ),
    );
  };
  const looks = follow(script, 6000);
  expect([...seenIds(looks)]).toEqual([1, 2]);
  // The second stage carried them: they were confirmed, not lost, in dim light.
  expect(looks.find((l) => l.ts === 3000)?.tracks.map((t) => t.state)).toEqual(['confirmed', 'confirmed']);
});

test('weak sightings continue tracks but never start one', () => {
  const looks = follow(() => [person(at(0.5), 0.2)], 3000);
  expect(seenIds(looks).size).toBe(0);
});

test('two people crossing keep their ids', () => {
  const left = (ts: number): Box => at(0.2 + 0.0001 * ts, 0.5, 0.14, 0.6);
  const right = (ts: number): Box => at(0.8 - 0.0001 * ts, 0.56, 0.18, 0.7);
  const looks = follow((ts) => [person(left(ts)), person(right(ts))], 6000);
  const end = looks.at(-1)!.tracks;
  expect(seenIds(looks).size).toBe(2);
  expect(end.find((t) => t.trackId === 1)?.box).toEqual(left(6000));
  expect(end.find((t) => t.trackId === 2)?.box).toEqual(right(6000));
});

test.each([200, 333])(
  'two people of one size who pass each other, one hidden meanwhile, keep their ids (%i ms)',
  (step) => {
    const left = (ts: number): Box => at(0.2 + 0.0001 * ts);
    const right = (ts: number): Box => at(0.8 - 0.0001 * ts);
    const looks = follow(
      (ts) => (Math.abs(ts - 3000) < 500 ? [person(left(ts))] : [person(left(ts)), person(right(ts))]),
      6000,
      step,
    );
    const { ts, tracks } = looks.at(-1)!;
    expect(seenIds(looks).size).toBe(2);
    expect(tracks.find((t) => t.trackId === 1)?.box).toEqual(left(ts));
    expect(tracks.find((t) => t.trackId === 2)?.box).toEqual(right(ts));
  },
);

test('someone who falls — the box turns from tall to wide within a look — keeps the id', () => {
  const looks = follow(
    (ts) => [person(ts < 2000 ? at(0.4, 0.45, 0.12, 0.7) : at(0.55, 0.8, 0.45, 0.2))],
    4000,
    400,
  );
  expect(seenIds(looks).size).toBe(1);
});

test('someone entering as another leaves at the far side gets an id of their own', () => {
  const looks = follow((ts) => [person(ts < 2000 ? at(0.1) : at(0.9))], 4000);
  expect([...seenIds(looks)]).toEqual([1, 2]);
});

test('sightings without backing never confirm, one backed sighting does', () => {
  const coat = (ts: number): Sighting[] => [{ ...person(at(0.5), 0.6), backed: ts === 2000 }];
  const looks = follow(coat, 3000);
  expect(looks.find((l) => l.ts === 1800)?.tracks[0]?.state).toBe('tentative');
  expect(looks.find((l) => l.ts === 2000)?.tracks[0]?.state).toBe('confirmed');
});

test('keypoints are those of this very look, and gone with it', () => {
  const keypoints = Array.from({ length: 17 }, () => ({ x: 0.5, y: 0.5, score: 0.9 }));
  const looks = follow((ts) => [ts === 200 ? { ...person(at(0.5)), keypoints } : person(at(0.5))], 400);
  expect(looks.map((l) => l.tracks[0]?.keypoints !== undefined)).toEqual([false, true, false]);
});

test('an older look changes nothing', () => {
  const t = tracker();
  t.update(1000, [person(at(0.5))]);
  const before = JSON.stringify(t);
  t.update(1000, [person(at(0.9))]);
  t.update(500, []);
  expect(JSON.stringify(t)).toBe(before);
});

test('a partial look misses nobody, and only a whole one tells that somebody is gone', () => {
  const t = tracker();
  for (const ts of [0, 200]) t.update(ts, [person(at(0.3)), person(at(0.7))]);
  const partial = t.update(400, [person(at(0.31))], { partial: true });
  expect(partial.map((track) => [track.state, track.lastSeen])).toEqual([
    ['confirmed', 400],
    ['confirmed', 200],
  ]);
  const whole = t.update(600, [person(at(0.32))]);
  expect(whole.map((track) => track.state)).toEqual(['confirmed', 'lost']);
  expect(t.update(800, [], { partial: true }).map((track) => track.state)).toEqual(['confirmed', 'lost']);
});
