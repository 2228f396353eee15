import { describe, expect, it } from 'vitest';
import type { AccessUnit, Clip } from './clip.ts';
import { Playback } from './playback.ts';

/** Key, two B-frames' worth of reordering, two groups of three pictures. */
const unit = (key: boolean, offset: number): AccessUnit => ({
  key,
  offset,
  duration: 6000,
  nals: [],
});
const units = [
  unit(true, 6000),
  unit(false, 12000),
  unit(false, 0),
  unit(true, 6000),
  unit(false, 12000),
  unit(false, 0),
];
const clip: Clip = {
  file: 'x.mp4',
  codec: 'h264',
  width: 16,
  height: 16,
  fps: 15,
  duration: 36_000,
  parameterSets: [],
  units,
};
const take = (playback: Playback, n: number): { unit: AccessUnit; at: number; pts: number }[] =>
  Array.from({ length: n }, () => playback.next() as { unit: AccessUnit; at: number; pts: number });

describe('Playback', () => {
  it('goes round with the clock running on', () => {
    const playback = new Playback(clip, true);
    const got = take(playback, 14);
    expect(got.map((d) => d.at)).toEqual(got.map((_, i) => i * 6000));
    expect(got.map((d) => d.unit)).toEqual(got.map((_, i) => units[i % 6]));
    expect(new Set(got.map((d) => d.pts)).size).toBe(14);
    expect(playback.rounds).toBe(2);
  });

  it('ends after one round when told to', () => {
    const playback = new Playback(clip, false);
    take(playback, 6);
    expect(playback.next()).toBeUndefined();
    expect(playback.rounds).toBe(1);
  });

  it('repeats the key picture while frozen and goes on at the next, never using a time twice', () => {
    const playback = new Playback(clip, true);
    const before = take(playback, 2);
    playback.frozen = true;
    const frozen = take(playback, 4);
    playback.frozen = false;
    const after = take(playback, 2);
    expect(frozen.every((d) => d.unit === units[0])).toBe(true);
    expect(after.map((d) => d.unit)).toEqual([units[3], units[4]]);
    const times = [...before, ...frozen, ...after].map((d) => d.pts);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('changes speed by the wall clock', () => {
    const playback = new Playback(clip, true);
    playback.speed = 20;
    expect(take(playback, 3).map((d) => d.at)).toEqual([0, 300, 600]);
  });

  it('does not catch up on what a pause has missed', () => {
    const playback = new Playback(clip, true);
    take(playback, 1);
    playback.resumeAt(90_000);
    expect(playback.next()?.at).toBe(90_000);
  });
});
