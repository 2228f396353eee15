import { describe, expect, it } from 'vitest';
import { SOUND_RATE, SoundTrack } from './sound-track.ts';

const MS = SOUND_RATE / 1000;

/** 10 ms, every sample the number of the piece. */
const piece = (n: number) => ({
  sampleRate: SOUND_RATE,
  channels: 1,
  samples: new Int16Array(10 * MS).fill(n),
});

/** The value at each 10 ms, halfway. */
function heard(track: SoundTrack, ms: number): number[] {
  const samples = new Int16Array(ms * MS);
  track.take(samples.length, samples, 0, 1);
  return Array.from({ length: ms / 10 }, (_, i) => samples[(i * 10 + 5) * MS]!);
}

describe('sound on a timeline', () => {
  it('lies where it arrived, with silence before it', () => {
    const track = new SoundTrack();
    for (let n = 1; n <= 5; n += 1) track.put(piece(n), 500 + n * 10);
    expect(heard(track, 600)).toEqual([...Array<number>(50).fill(0), 1, 2, 3, 4, 5, 0, 0, 0, 0, 0]);
  });

  it('goes on without a seam where arrival jitters', () => {
    const track = new SoundTrack();
    const jitter = [0, 25, 3, 30, 12, 0, 35];
    for (const [i, late] of jitter.entries()) track.put(piece(i + 1), (i + 1) * 10 + late);
    expect(heard(track, 70)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('is in step again after a busy moment in which much came at once', () => {
    const track = new SoundTrack();
    for (let n = 1; n <= 10; n += 1) track.put(piece(n), n * 10);
    for (let n = 11; n <= 40; n += 1) track.put(piece(n), 400);
    for (let n = 41; n <= 200; n += 1) track.put(piece(n), n * 10);
    expect(heard(track, 2000)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('leaves a gap of its length where something is missing', () => {
    const track = new SoundTrack();
    track.put(piece(1), 10);
    track.put(piece(2), 1_010);
    expect(heard(track, 1_010).filter((value) => value !== 0)).toEqual([1, 2]);
    // Short ones are taken for lateness at first, and made up for.
    for (let n = 3; n <= 300; n += 1) track.put(piece(n), 1_210 + (n - 2) * 10);
    const later = heard(track, 3_180);
    expect(later.indexOf(300)).toBe(3_180 / 10 - 1);
  });

  it('takes any rate and number of channels', () => {
    const track = new SoundTrack();
    const stereo = new Int16Array(320).map((_, i) => (i % 2 === 0 ? 100 : 300));
    track.put({ sampleRate: 16_000, channels: 2, samples: stereo }, 10);
    track.put({ sampleRate: 16_000, channels: 2, samples: stereo }, 20);
    expect(heard(track, 20)).toEqual([200, 200]);
  });

  it('has every channel of the file on its own', () => {
    const [left, right] = [new SoundTrack(), new SoundTrack()];
    left.put(piece(1), 10);
    right.put(piece(2), 10);
    const both = new Int16Array(20 * MS);
    left.take(10 * MS, both, 0, 2);
    right.take(10 * MS, both, 1, 2);
    expect([...both.subarray(0, 4)]).toEqual([1, 2, 1, 2]);
  });
});
