import type { PcmChunk } from '../../core/index.ts';

/** Cuts sound of any length into pieces of exactly 10 ms, as wrtc's RTCAudioSource takes it. */
export class TenMs {
  #rest = new Int16Array(0);
  #rate = 0;
  #channels = 0;

  /** A change of rate or channels drops the begun piece. */
  push({ sampleRate, channels, samples }: PcmChunk): PcmChunk[] {
    if (sampleRate !== this.#rate || channels !== this.#channels) this.#rest = new Int16Array(0);
    this.#rate = sampleRate;
    this.#channels = channels;
    const size = Math.floor(sampleRate / 100) * channels;
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const pieces: PcmChunk[] = [];
    let at = 0;
    // Copies: RTCAudioSource wants the whole of a buffer.
    for (; at + size <= all.length; at += size)
      pieces.push({ sampleRate, channels, samples: all.slice(at, at + size) });
    this.#rest = all.slice(at);
    return pieces;
  }
}
