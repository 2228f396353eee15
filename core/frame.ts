/**
 * One picture of one cabin. It has one owner at a time, who closes it exactly when done; closing hands the
 * pixel buffer back to its pool, so `data` must not be touched afterwards. `close()` is idempotent.
 */
export interface Frame {
  readonly liftId: string;
  /** Capture time, milliseconds (epoch for live cameras, media time for files). */
  readonly ts: number;
  readonly width: number;
  readonly height: number;
  /** RGB24, row-major, `width * height * 3` bytes, no padding. */
  readonly data: Uint8Array;
  close(): void;
}

export interface FrameMeta {
  readonly liftId: string;
  readonly ts: number;
  readonly width: number;
  readonly height: number;
}

/** A frame around pixels that nobody pools; `onClose` runs once. */
export function createFrame(meta: FrameMeta, data: Uint8Array, onClose?: () => void): Frame {
  const expected = meta.width * meta.height * 3;
  if (data.length !== expected) {
    throw new RangeError(
      `a ${meta.width}x${meta.height} RGB24 frame has ${expected} bytes, got ${data.length}`,
    );
  }
  let open = true;
  return {
    ...meta,
    data,
    close() {
      if (!open) return;
      open = false;
      onClose?.();
    },
  };
}

/** Memory that other threads read without a copy having to be sent to them. */
export const sharedBytes = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));

/** Re-uses pixel buffers of one size, so that a steady stream of frames allocates nothing. */
export class FramePool {
  readonly #free: Uint8Array[] = [];
  readonly #keep: number;
  readonly #allocate: (bytes: number) => Uint8Array;

  /**
   * @param keep how many idle buffers to hold on to; more are left to the garbage collector
   * @param allocate where new buffers come from, such as `sharedBytes`
   */
  constructor(keep = 4, allocate = (bytes: number): Uint8Array => new Uint8Array(bytes)) {
    this.#keep = keep;
    this.#allocate = allocate;
  }

  take(bytes: number): Uint8Array {
    const buffer = this.#free.pop();
    return buffer?.length === bytes ? buffer : this.#allocate(bytes);
  }

  frame(meta: FrameMeta, data: Uint8Array): Frame {
    return createFrame(meta, data, () => {
      if (this.#free.length < this.#keep) this.#free.push(data);
    });
  }
}
