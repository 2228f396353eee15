import { expect, test } from 'vitest';
import type { Box, Track } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { seeded } from '../testing/fake-vision.ts';
import { boxAt, play, seen, times } from '../testing/scenes.ts';
import { createMotionlessPerson } from './motionless-person.ts';

const OPTIONS = { ...inferenceOptions().motionless, afterSeconds: 30 };
const behaviour = () => createMotionlessPerson(OPTIONS);

const lying: Box = boxAt(0.5, 0.8, 0.5, 0.2);
const someone = (ts: number, parts: Partial<Track> = {}) => ({
  people: [seen(ts, 1, { box: lying, ...parts })],
});
const joints = (dx: number) =>
  Array.from({ length: 17 }, (_, i) => ({ x: 0.3 + i * 0.02 + dx, y: 0.8, score: 0.8 }));

test('a person who does not move is reported after the set time, with the jitter of a model', () => {
  const random = seeded(4);
  const jitter = (): number => (random() - 0.5) * 0.03;
  const script = (ts: number) =>
    someone(ts, { box: boxAt(0.5 + jitter(), 0.8, 0.5 + jitter(), 0.2), motion: 0.02 });
  const events = play(behaviour(), script, 60_000);
  expect(times(events)).toEqual(['started@30']);
  expect(events[0]).toMatchObject({ startedAt: 0, evidence: { seconds: 30, trackIds: [1] } });
});

test.each([
  [
    'shifting about',
    (ts: number) => someone(ts, { box: boxAt(0.4 + 0.15 * Math.sin(ts / 4000), 0.8, 0.5, 0.2) }),
  ],
  ['moving in the box', (ts: number) => someone(ts, { motion: ts % 10_000 < 2000 ? 0.3 : 0 })],
  ['moving the limbs', (ts: number) => someone(ts, { keypoints: joints(ts % 10_000 < 2000 ? 0.2 : 0) })],
])('somebody %s is not motionless', (_what, script) => {
  expect(play(behaviour(), script, 120_000)).toEqual([]);
});

test('a single twitch, or a box that jumps once, is forgiven', () => {
  const script = (ts: number) => someone(ts, ts === 10_000 ? { box: boxAt(0.3), motion: 0.5 } : {});
  expect(times(play(behaviour(), script, 40_000))).toEqual(['started@30']);
});

test('it ends when they move, or are gone', () => {
  const wakes = (ts: number) => someone(ts, { motion: ts > 40_000 ? 0.4 : 0 });
  const moved = play(behaviour(), wakes, 60_000);
  expect(moved.map((e) => e.evidence.reason)).toEqual([undefined, 'moved']);
  const carried = play(behaviour(), (ts) => (ts > 40_000 ? {} : someone(ts)), 60_000);
  expect(carried.map((e) => e.evidence.reason)).toEqual([undefined, 'gone']);
});

test('a new id at the same place, after a pause that does not count, is the same person', () => {
  const script = (ts: number) => {
    if (ts > 15_000 && ts < 20_000) return {};
    return { people: [seen(ts, ts < 18_000 ? 1 : 7, { box: lying })] };
  };
  const events = play(behaviour(), script, 40_000);
  expect(times(events)).toEqual(['started@34.8']);
  expect(events[0]?.evidence.trackIds).toEqual([7]);
});

test('time in a frozen, dark or repeated picture does not count', () => {
  const frozen = (ts: number) => ({
    ...someone(ts),
    ...(ts > 10_000 && ts <= 60_000 ? { doubt: 'frozen' as const } : {}),
  });
  expect(times(play(behaviour(), frozen, 90_000))).toEqual(['started@80']);
  const repeated = (ts: number) => ({ ...someone(ts), picture: { identical: true } });
  expect(play(behaviour(), repeated, 90_000)).toEqual([]);
});

test('a gap without looks proves no stillness', () => {
  const b = behaviour();
  expect(play(b, (ts) => someone(ts), 60_000, 20_000)).toEqual([]);
});

test('of several people the still one is named', () => {
  const script = (ts: number) => ({
    people: [seen(ts, 1, { box: boxAt(0.2), motion: 0.4 }), seen(ts, 2, { box: boxAt(0.7) })],
  });
  expect(play(behaviour(), script, 40_000)[0]?.evidence.trackIds).toEqual([2]);
});

test('a stuck event is closed by the cap, once', () => {
  const events = play(
    createMotionlessPerson({ ...OPTIONS, capSeconds: 60 }),
    (ts) => someone(ts),
    300_000,
    1000,
  );
  expect(events.map((e) => e.evidence.reason)).toEqual([undefined, 'cap']);
});
