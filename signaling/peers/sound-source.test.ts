import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TenMs } from './sound-source.ts';

it('cuts any lengths into 10 ms each, and loses nothing but the end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 }),
      fc.constantFrom(8_000, 16_000, 44_100, 48_000),
      fc.constantFrom(1, 2),
      (lengths, sampleRate, channels) => {
        const cutter = new TenMs();
        let next = 0;
        const put: number[] = [];
        const got: number[] = [];
        for (const length of lengths) {
          const samples = Int16Array.from({ length: length * channels }, () => {
            next = (next + 1) % 30_000;
            return next;
          });
          put.push(...samples);
          for (const piece of cutter.push({ sampleRate, channels, samples })) {
            expect(piece.samples.length).toBe(Math.floor(sampleRate / 100) * channels);
            expect(piece.samples.buffer.byteLength).toBe(piece.samples.byteLength);
            got.push(...piece.samples);
          }
        }
        expect(got).toEqual(put.slice(0, got.length));
        expect(put.length - got.length).toBeLessThan(Math.floor(sampleRate / 100) * channels);
      },
    ),
    { seed: 10, numRuns: 50 },
  );
});

it('does not mix the end of one kind of sound with the beginning of another', () => {
  const cutter = new TenMs();
  const chunk = (sampleRate: number, value: number) => ({
    sampleRate,
    channels: 1,
    samples: new Int16Array(100).fill(value),
  });
  cutter.push(chunk(48_000, 1));
  expect(cutter.push(chunk(8_000, 2)).map(({ samples }) => [...new Set(samples)])).toEqual([[2]]);
});
