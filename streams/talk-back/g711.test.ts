import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { encodeG711, type G711Law } from './g711.ts';

const FORMATS = { pcm_alaw: 'alaw', pcm_mulaw: 'mulaw' } as const;

const ffmpeg = (from: string, to: string, input: Uint8Array): Buffer =>
  execFileSync(
    'ffmpeg',
    ['-v', 'error', '-f', from, '-ar', '8000', '-ac', '1', '-i', 'pipe:0', '-f', to, 'pipe:1'],
    { input, maxBuffer: 1e6 },
  );

const decode = (law: G711Law, codes: Uint8Array): Int16Array => {
  const pcm = Uint8Array.from(ffmpeg(FORMATS[law], 's16le', codes));
  return new Int16Array(pcm.buffer);
};

describe.each(['pcm_alaw', 'pcm_mulaw'] as const)('encodeG711 %s', (law) => {
  const every = Int16Array.from({ length: 65_536 }, (_, n) => n - 32_768);

  it('gives every code that ffmpeg decodes back as it was', () => {
    const codes = Uint8Array.from({ length: 256 }, (_, n) => n);
    const values = decode(law, codes);
    // Two codes of the µ-law are zero.
    expect(decode(law, encodeG711(values, law))).toEqual(values);
  });

  it('differs from ffmpeg’s encoder by one step at most, on the border between two', () => {
    const ours = encodeG711(every, law);
    const theirs = ffmpeg('s16le', FORMATS[law], new Uint8Array(every.buffer));
    const other = [...every.keys()].filter((n) => ours[n] !== theirs[n]);
    expect(other.length / every.length).toBeLessThan(0.02);
    const [decoded, reference] = [decode(law, ours), decode(law, theirs)];
    for (const n of other) {
      const sample = every[n] as number;
      // Steps are a sixteenth of a segment, which is as wide as its samples are large.
      expect(Math.abs((decoded[n] as number) - (reference[n] as number))).toBeLessThan(
        32 + Math.abs(sample) / 12,
      );
    }
  });
});
