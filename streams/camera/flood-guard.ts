export interface FloodLimits {
  /** Pictures per second above which a camera floods. */
  readonly fps: number;
  /** Bytes per second above which it does. */
  readonly bytes: number;
}

const STRIKES = 3;

/** Twice the expected rate is still a camera that counts wrongly; below 40 it does no harm. */
export function floodLimits(fpsExpected: number | undefined, maxBitrate: number): FloodLimits {
  return { fps: Math.max(40, 2 * (fpsExpected ?? 0)), bytes: maxBitrate / 8 };
}

/**
 * Tells a camera that sends far more than it says: over the limit in three samples in a row, which are a second
 * apart. One burst after a stall is no flood.
 */
export class FloodGuard {
  #strikes = 0;

  /** @returns true once it floods */
  push(fps: number, bytesPerSecond: number, limits: FloodLimits): boolean {
    this.#strikes = fps > limits.fps || bytesPerSecond > limits.bytes ? this.#strikes + 1 : 0;
    return this.#strikes >= STRIKES;
  }

  reset(): void {
    this.#strikes = 0;
  }
}
