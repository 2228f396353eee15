import { expect, test } from 'vitest';
import { inferenceOptions } from '../options.ts';
import { play, times } from '../testing/scenes.ts';
import { createCameraBlocked } from './camera-blocked.ts';

const OPTIONS = inferenceOptions().cameraBlocked;
const during = (doubt: 'blocked' | 'dark', from: number, to: number) => (ts: number) =>
  ts >= from && ts < to ? { doubt } : {};

test('a covered lens is reported after the hold and ends when the picture is good again', () => {
  const events = play(createCameraBlocked(OPTIONS), during('blocked', 5000, 30_000), 40_000);
  expect(times(events)).toEqual(['started@9', 'ended@32']);
  expect(events[0]).toMatchObject({ startedAt: 5000, evidence: { cause: 'covered', certain: true } });
});

test('a hand that passes the lens is none', () => {
  expect(play(createCameraBlocked(OPTIONS), during('blocked', 5000, 8000), 20_000)).toEqual([]);
});

test('darkness is reported late and as uncertain: the light may be off', () => {
  const events = play(createCameraBlocked(OPTIONS), during('dark', 5000, 100_000), 120_000);
  expect(times(events)).toEqual(['started@65', 'ended@102']);
  expect(events[0]!.evidence).toMatchObject({ cause: 'dark', certain: false });
  expect(events[0]!.confidence).toBeLessThanOrEqual(0.5);
});

test('measured scenes are enough, and a lens covered for good is reported once', () => {
  const options = { ...OPTIONS, capSeconds: 60 };
  const script = (ts: number) => ({ inferred: false, ...during('blocked', 1000, 500_000)(ts) });
  const events = play(createCameraBlocked(options), script, 400_000, 1000);
  expect(times(events)).toEqual(['started@5', 'ended@62']);
  expect(events[1]?.evidence.reason).toBe('cap');
});
