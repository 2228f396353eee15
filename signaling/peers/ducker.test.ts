import { expect, it } from 'vitest';
import type { PcmChunk } from '../../core/index.ts';
import { Ducker } from './ducker.ts';

const tone = (amplitude: number): PcmChunk => ({
  sampleRate: 48_000,
  channels: 1,
  samples: Int16Array.from({ length: 480 }, (_, n) => amplitude * Math.sin(n / 7)),
});

const loudness = ({ samples }: PcmChunk): number =>
  Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);

const car = tone(10_000);

it('makes the car quieter while the operator speaks and a moment after, and never silent', () => {
  const ducker = new Ducker(20);
  expect(ducker.duck(car, 0)).toBe(car);
  ducker.speech(tone(8000), 10);
  ducker.duck(car, 10);
  expect(loudness(ducker.duck(car, 20)) / loudness(car)).toBeCloseTo(0.1, 2);
  expect(loudness(ducker.duck(car, 809)) / loudness(car)).toBeCloseTo(0.1, 2);
  ducker.duck(car, 811);
  expect(ducker.duck(car, 821)).toBe(car);
});

it('changes loudness without a click', () => {
  const ducker = new Ducker(40);
  ducker.speech(tone(8000), 0);
  const steady = { ...car, samples: new Int16Array(480).fill(10_000) };
  const { samples } = ducker.duck(steady, 1);
  const steps = samples.slice(1).map((one, n) => Math.abs(one - samples[n]!));
  expect(samples[0]).toBeGreaterThan(9900);
  expect(samples.at(-1)).toBe(100);
  expect(Math.max(...steps)).toBeLessThan(25);
});

it('does not take a quiet microphone for speech, and does nothing at 0 dB', () => {
  const quiet = new Ducker(20);
  quiet.speech(tone(300), 0);
  expect(quiet.duck(car, 1)).toBe(car);
  const off = new Ducker(0);
  off.speech(tone(8000), 0);
  expect(off.duck(car, 1)).toBe(car);
});
