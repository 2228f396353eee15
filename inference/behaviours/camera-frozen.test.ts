import { expect, test } from 'vitest';
import { inferenceOptions } from '../options.ts';
import { play, times } from '../testing/scenes.ts';
import { createCameraFrozen } from './camera-frozen.ts';

const OPTIONS = inferenceOptions().cameraFrozen;
const frozen = (from: number, to: number) => (ts: number) =>
  ts >= from && ts < to ? { inferred: false, doubt: 'frozen' as const } : { inferred: false };

test('starts with the doubt, dated back to the first repeat, and ends with it', () => {
  const events = play(createCameraFrozen(OPTIONS), frozen(20_000, 30_000), 40_000);
  expect(times(events)).toEqual(['started@20', 'ended@30']);
  expect(events[0]?.startedAt).toBe(20_000 - OPTIONS.afterSeconds * 1000);
});

test('a picture frozen for good is reported once and closed by the cap', () => {
  const events = play(
    createCameraFrozen({ ...OPTIONS, capSeconds: 60 }),
    frozen(20_000, 900_000),
    400_000,
    1000,
  );
  expect(times(events)).toEqual(['started@20', 'ended@73']);
  expect(events[1]?.evidence.reason).toBe('cap');
});
