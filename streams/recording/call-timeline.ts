import { CALL_SIDES, type CallSide, type I420Picture, type PcmChunk } from '../../core/index.ts';
import type { PictureSize } from '../ffmpeg/size.ts';
import { canvasSize, compose } from './canvas.ts';
import { PictureTrack } from './picture-track.ts';
import { SOUND_RATE, SoundTrack } from './sound-track.ts';

/** Without a picture for so long, the recording begins in a size of its own, ms. */
const PICTURE_WAIT_MS = 3_000;
const USUAL_SIZE: PictureSize = { width: 640, height: 360 };

/** What comes next in the file. */
export interface Stretch {
  /** I420, all of one size; a picture may stand there more than once. */
  readonly pictures: readonly Uint8Array[];
  /** Cabin left, operator right. */
  readonly sound: Int16Array;
}

/**
 * Both sides of a call on one timeline from the moment when recording began: pictures at a steady rate, sound on two channels. What is
 * missing is black and silent, so that the file is as long as the call. Times are ms from the beginning; no clock is read.
 */
export class CallTimeline {
  readonly #fps: number;
  readonly #pictures = { cabin: new PictureTrack(), operator: new PictureTrack() };
  readonly #sound = { cabin: new SoundTrack(), operator: new SoundTrack() };
  #size: PictureSize | undefined;
  #count = 0;
  #samples = 0;
  #last: { readonly of: readonly (I420Picture | undefined)[]; readonly composed: Uint8Array } | undefined;

  constructor(fps: number) {
    this.#fps = fps;
  }

  /** Undefined until it is known: by the first picture of the cabin, or when none has come for a while. */
  get size(): PictureSize | undefined {
    return this.#size;
  }

  /** Of what has been taken, ms. */
  get durationMs(): number {
    return (this.#count * 1000) / this.#fps;
  }

  picture(side: CallSide, picture: I420Picture, at: number): void {
    if (side === 'cabin') this.#size ??= canvasSize(picture);
    this.#pictures[side].put(picture, at);
  }

  sound(side: CallSide, chunk: PcmChunk, at: number): void {
    this.#sound[side].put(chunk, at);
  }

  /** Everything up to a moment, which never goes back. What belongs before it and arrives later is left out. */
  takeUntil(moment: number): Stretch {
    if (moment >= PICTURE_WAIT_MS) this.#size ??= USUAL_SIZE;
    const size = this.#size;
    if (!size) return { pictures: [], sound: new Int16Array(0) };
    const pictures: Uint8Array[] = [];
    for (; (this.#count * 1000) / this.#fps < moment; this.#count += 1)
      pictures.push(this.#compose(size, (this.#count * 1000) / this.#fps));
    // Whole pictures and their sound: the two end together.
    const samples = Math.round((this.#count * SOUND_RATE) / this.#fps) - this.#samples;
    const sound = new Int16Array(samples * CALL_SIDES.length);
    for (const [channel, side] of CALL_SIDES.entries())
      this.#sound[side].take(samples, sound, channel, CALL_SIDES.length);
    this.#samples += samples;
    return { pictures, sound };
  }

  #compose(size: PictureSize, moment: number): Uint8Array {
    const of = CALL_SIDES.map((side) => this.#pictures[side].at(moment));
    const same = this.#last?.of.every((picture, i) => picture === of[i]);
    if (!this.#last || !same) this.#last = { of, composed: compose(size, of[0], of[1]) };
    return this.#last.composed;
  }
}
