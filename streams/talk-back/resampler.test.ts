import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler } from './resampler.ts';

const AMPLITUDE = 10_000;

const tone = (hertz: number, rate: number, seconds = 1): Int16Array =>
  Int16Array.from(
    { length: rate * seconds },
    (_, n) => AMPLITUDE * Math.sin((2 * Math.PI * hertz * n) / rate),
  );

/** Loudness of what comes out of a tone that goes in, dB; the filter's first and last moments left out. */
function gain(hertz: number, from: number, to: number): number {
  const out = new Resampler(from, to).push(tone(hertz, from)).slice(to / 50, -to / 50);
  const power = out.reduce((sum, one) => sum + one * one, 0) / out.length;
  return 10 * Math.log10(Math.max(power, 1e-3) / (AMPLITUDE ** 2 / 2));
}

describe.each([48_000, 44_100, 32_000, 16_000])('Resampler from %i to 8000', (from) => {
  it.each([100, 440, 1000, 3000, 3400])('lets %i Hz through as loud as they are', (hertz) => {
    expect(Math.abs(gain(hertz, from, 8000))).toBeLessThan(0.1);
  });

  it.each([4001, 4600, 5000, 7000, 7560])(
    'keeps out %i Hz, which would be heard as another tone',
    (hertz) => {
      expect(gain(hertz, from, 8000)).toBeLessThan(-55);
    },
  );
});

it('makes as many samples as time has passed, the same whatever the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 20 }),
      fc.constantFrom(48_000, 44_100, 16_000, 8_000),
      fc.constantFrom(8_000, 16_000),
      (lengths, from, to) => {
        const whole = tone(700, from).slice(
          0,
          lengths.reduce((sum, one) => sum + one, 0),
        );
        const resampler = new Resampler(from, to);
        const pieces: number[] = [];
        let at = 0;
        for (const length of lengths) {
          pieces.push(...resampler.push(whole.slice(at, at + length)));
          at += length;
        }
        expect(pieces).toEqual([...new Resampler(from, to).push(whole)]);
        const delay = 0.02 * to;
        expect(pieces.length).toBeLessThanOrEqual(Math.ceil((whole.length * to) / from));
        expect(pieces.length).toBeGreaterThanOrEqual((whole.length * to) / from - delay);
      },
    ),
    { seed: 71, numRuns: 60 },
  );
});

it('leaves sound at the same rate as it is', () => {
  const sound = tone(500, 8000, 0.1);
  expect([...new Resampler(8000, 8000).push(sound)]).toEqual([...sound.slice(0, -1)]);
});
