import { expect, test } from 'vitest';
import { inferenceOptions } from '../options.ts';
import { play, seen, times } from '../testing/scenes.ts';
import { createCrowding } from './crowding.ts';

const { crowding: OPTIONS, occupancy } = inferenceOptions();
const crowd = (ts: number, n: number) => ({
  people: Array.from({ length: n }, (_, i) => seen(ts, i + 1)),
});

test('six people in most looks of two seconds are a crowd, five are not', () => {
  const script = (n: number) => (ts: number) => crowd(ts, ts >= 2000 && ts < 8000 ? n : 2);
  const events = play(createCrowding(OPTIONS, occupancy), script(6), 12_000);
  expect(times(events)).toEqual(['started@3.2', 'ended@11']);
  expect(events[0]).toMatchObject({ startedAt: 2000, evidence: { count: 6, moreThan: 5 } });
  expect(play(createCrowding(OPTIONS, occupancy), script(5), 12_000)).toEqual([]);
});

test('people who hide behind each other every third look are a crowd that stays one', () => {
  const hiding = (ts: number) => crowd(ts, ts < 8000 ? ((ts / 200) % 3 === 2 ? 4 : 7) : 2);
  expect(times(play(createCrowding(OPTIONS, occupancy), hiding, 15_000))).toEqual([
    'started@1.2',
    'ended@10',
  ]);
});

test('every second look is too seldom', () => {
  const flicker = (ts: number) => crowd(ts, (ts / 200) % 2 ? 4 : 7);
  expect(play(createCrowding(OPTIONS, occupancy), flicker, 10_000)).toEqual([]);
});

test('at a look every two seconds three in a row are needed', () => {
  const flicker = (ts: number) => crowd(ts, (ts / 2000) % 3 === 2 ? 4 : 7);
  expect(play(createCrowding(OPTIONS, occupancy), flicker, 60_000, 2000)).toEqual([]);
  const events = play(createCrowding(OPTIONS, occupancy), (ts) => crowd(ts, 7), 9000, 2000);
  expect(times(events)).toEqual(['started@4']);
});

test('at one look a second three looks are still needed', () => {
  const events = play(createCrowding(OPTIONS, occupancy), (ts) => crowd(ts, ts >= 2000 ? 7 : 0), 9000, 1000);
  expect(times(events)).toEqual(['started@4']);
});

test('a covered lens does not dissolve the crowd', () => {
  const script = (ts: number) =>
    ts < 5000 ? crowd(ts, 7) : ts < 20_000 ? { doubt: 'blocked' as const } : {};
  expect(times(play(createCrowding(OPTIONS, occupancy), script, 30_000))).toEqual(['started@1', 'ended@21']);
});

test('a stuck crowd is closed by the cap, once', () => {
  const options = { ...OPTIONS, capSeconds: 30 };
  const events = play(createCrowding(options, occupancy), (ts) => crowd(ts, 9), 200_000);
  expect(times(events)).toEqual(['started@1', 'ended@30.2']);
  expect(events[1]?.evidence.reason).toBe('cap');
});
