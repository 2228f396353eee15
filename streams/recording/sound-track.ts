import type { PcmChunk } from '../../core/index.ts';

/** Samples a second of every recording. */
export const SOUND_RATE = 48_000;

/** Room for what has arrived and is not taken yet, samples: 6 s. */
const ROOM = SOUND_RATE * 6;
/** Off by less than this, sound goes on where it left off, ms: arrival jitters, sound doesn't. */
const JITTER_MS = 40;
/** Later than that for longer than this, something is missing, and its place stays silent, ms. */
const PATIENCE_MS = 1_000;
/** Off by more than this, it is not the same sound going on, ms: a line that was brought back, or another speaker. */
const JUMP_MS = 400;

const samplesOf = (ms: number): number => Math.round((ms * SOUND_RATE) / 1000);

/**
 * One side's sound on the recording's timeline, by when it arrived. Pieces that a busy process was handed late, and then all at
 * once, stay in step; a gap is silence of the same length.
 */
export class SoundTrack {
  readonly #ring = new Int16Array(ROOM);
  /** After the last sample that was put, and that was taken; samples from the beginning. */
  #end = 0;
  #taken = 0;
  #lateSince: number | undefined;

  /** @param at when its last sample arrived, ms from the beginning */
  put(chunk: PcmChunk, at: number): void {
    const samples = monoAt48k(chunk);
    const from = this.#placeOf(samplesOf(at) - samples.length, at);
    const most = this.#taken + ROOM;
    for (let i = Math.max(0, this.#taken - from); i < samples.length && from + i < most; i += 1)
      this.#ring[(from + i) % ROOM] = samples[i]!;
    this.#end = from + samples.length;
  }

  /** The next samples, silence where there are none, each `stride` apart. */
  take(count: number, into: Int16Array, offset: number, stride: number): void {
    for (let i = 0; i < count; i += 1) {
      const place = (this.#taken + i) % ROOM;
      into[offset + i * stride] = this.#ring[place]!;
      this.#ring[place] = 0;
    }
    this.#taken += count;
  }

  #placeOf(due: number, at: number): number {
    const late = due - this.#end;
    if (late <= samplesOf(JITTER_MS)) this.#lateSince = undefined;
    else this.#lateSince ??= at;
    const missing = this.#lateSince !== undefined && at - this.#lateSince > PATIENCE_MS;
    if (Math.abs(late) <= samplesOf(JUMP_MS) && !missing) return this.#end;
    this.#lateSince = undefined;
    return Math.max(0, due);
  }
}

/** Channels are averaged; other rates are stretched in straight lines: only the first moments of a connection have one. */
function monoAt48k({ samples, sampleRate, channels }: PcmChunk): Int16Array {
  if (channels === 1 && sampleRate === SOUND_RATE) return samples;
  const frames = Math.floor(samples.length / channels);
  const mono = new Float32Array(frames);
  for (let i = 0; i < frames * channels; i += 1) mono[Math.floor(i / channels)]! += samples[i]! / channels;
  const step = sampleRate / SOUND_RATE;
  return Int16Array.from({ length: Math.floor(frames / step) }, (_, i) => {
    const [before, share] = [Math.floor(i * step), (i * step) % 1];
    const [a, b] = [mono[before]!, mono[Math.min(before + 1, frames - 1)]!];
    return a + (b - a) * share;
  });
}
