import type { PcmChunk } from '../../core/index.ts';

/** Louder than this is speech, 0–1 of full scale (-40 dB): above the noise that a headset's microphone leaves. */
const SPEECH = 0.01;
/** How long the car stays quiet after the last word, ms: the way to its loudspeaker, and back from its microphone. */
const HOLD_MS = 800;

/**
 * Makes the car quieter while the operator speaks. A camera's microphone hears its own loudspeaker and few cameras cancel the echo: without
 * this, operators hear themselves half a second later. Quieter and not silent, as a cry must come through. Reads no clock.
 */
export class Ducker {
  readonly #low: number;
  #until = Number.NEGATIVE_INFINITY;
  #gain = 1;

  /** @param duckDb how much quieter; 0 changes nothing */
  constructor(duckDb: number) {
    this.#low = 10 ** (-duckDb / 20);
  }

  /** What the operator says. @param now ms of a clock that never goes back */
  speech({ samples }: PcmChunk, now: number): void {
    let power = 0;
    for (const sample of samples) power += (sample / 32_768) ** 2;
    if (power > samples.length * SPEECH ** 2) this.#until = now + HOLD_MS;
  }

  /** What the car says, as the operator is to hear it; from one loudness to the other within the piece, so that nothing clicks. */
  duck(chunk: PcmChunk, now: number): PcmChunk {
    const from = this.#gain;
    const to = now < this.#until ? this.#low : 1;
    this.#gain = to;
    if (from === 1 && to === 1) return chunk;
    const { samples } = chunk;
    const step = (to - from) / Math.max(1, samples.length);
    return { ...chunk, samples: samples.map((sample, n) => sample * (from + step * (n + 1))) };
  }
}
