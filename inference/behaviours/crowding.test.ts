import { expect, test } from 'vitest';
import { inferenceOptions } from '../options.ts';
import { play, seen, times } from '../testing/scenes.ts';
import { createCrowding } from './crowding.ts';

const { crowding: OPTIONS, occupancy } = inferenceOptions();
const crowd = (ts: number, n: number) => ({
  people: Array.from({ length: n }, (_, i) => seen(ts, i + 1)),
});

test('six people for three looks and a second are a crowd, five are not', () => {
  const script = (n: number) => (ts: number) => crowd(ts, ts >= 2000 && ts < 8000 ? n : 2);
  const events = play(createCrowding(OPTIONS, occupancy), script(6), 12_000);
  expect(times(events)).toEqual(['started@3', 'ended@9']);
  expect(events[0]).toMatchObject({ startedAt: 2000, evidence: { count: 6, moreThan: 5 } });
  expect(play(createCrowding(OPTIONS, occupancy), script(5), 12_000)).toEqual([]);
});

test('looks must agree in a row: flicker starts nothing', () => {
  const flicker = (ts: number) => crowd(ts, (ts / 200) % 3 === 2 ? 4 : 7);
  expect(play(createCrowding({ ...OPTIONS, holdSeconds: 0 }, occupancy), flicker, 10_000)).toEqual([]);
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
