/** The two halves of the world's telephone codec; ffmpeg's names, as in the session description. */
export type G711Law = 'pcm_alaw' | 'pcm_mulaw';

/** Telephone speech, one byte a sample (ITU-T G.711). @param samples 16 bit, at the codec's rate */
export function encodeG711(samples: Int16Array, law: G711Law): Uint8Array {
  const encode = law === 'pcm_alaw' ? alaw : mulaw;
  return Uint8Array.from(samples, encode);
}

/** Sign, one of eight segments that double in width, and where in the segment; every other bit inverted. */
function alaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // 13 bits; the least negative value is -1, which counts as the first step below zero.
  const magnitude = sample >= 0 ? sample >> 3 : ~sample >> 3;
  const segment = Math.max(0, 27 - Math.clz32(magnitude));
  const step = (magnitude >> Math.max(1, segment)) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}

const BIAS = 132;
const CLIP = 32_635;

function mulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(CLIP, Math.abs(sample)) + BIAS;
  const segment = 24 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ~(sign | (segment << 4) | step) & 0xff;
}
