import { type Frame, FramePool } from '../../core/index.ts';

export interface FrameCutterOptions {
  readonly liftId: string;
  readonly width: number;
  readonly height: number;
  /** The time of the picture whose last byte has just come, ms. */
  readonly timeOf: (index: number) => number;
  readonly onFrame: (frame: Frame) => void;
  readonly pool?: FramePool;
}

/**
 * Cuts a byte stream of RGB24 pictures (`width * height * 3` bytes each, nothing between them) into frames.
 * Bytes are copied once, from the chunk into a pooled buffer; or not at all by whoever reads into `space()`.
 */
export class FrameCutter {
  readonly #options: FrameCutterOptions;
  readonly #pool: FramePool;
  readonly #bytes: number;
  #buffer: Uint8Array | undefined;
  #filled = 0;
  #index = 0;

  constructor(options: FrameCutterOptions) {
    this.#options = options;
    this.#pool = options.pool ?? new FramePool();
    this.#bytes = options.width * options.height * 3;
  }

  /** Pictures cut so far. */
  get count(): number {
    return this.#index;
  }

  /** Bytes of a picture that has begun but not ended. */
  get pending(): number {
    return this.#filled;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const space = this.space();
      const size = Math.min(space.length, chunk.length - from);
      space.set(chunk.subarray(from, from + size));
      from += size;
      this.filled(size);
    }
  }

  /** Where the rest of the present picture belongs. */
  space(): Uint8Array {
    this.#buffer ??= this.#pool.take(this.#bytes);
    return this.#buffer.subarray(this.#filled);
  }

  /** So many bytes have been put at the beginning of `space()`. */
  filled(bytes: number): void {
    this.#filled += bytes;
    if (this.#buffer && this.#filled === this.#bytes) this.#emit(this.#buffer);
  }

  #emit(data: Uint8Array): void {
    const { liftId, width, height, timeOf, onFrame } = this.#options;
    this.#buffer = undefined;
    this.#filled = 0;
    const ts = timeOf(this.#index++);
    onFrame(this.#pool.frame({ liftId, ts, width, height }, data));
  }
}
