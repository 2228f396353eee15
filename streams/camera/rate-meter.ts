const BUCKET_MS = 250;

/** How often something happens per second, over a sliding window. Times are ms of a clock that never goes back. */
export class RateMeter {
  readonly #counts: Float64Array;
  #bucket = 0;
  #startedAt: number | undefined;

  /** @param windowMs length of the window; the rate follows a change within it */
  constructor(windowMs = 5000) {
    this.#counts = new Float64Array(Math.max(1, Math.round(windowMs / BUCKET_MS)));
  }

  push(time: number, amount = 1): void {
    this.#advance(time);
    const index = this.#bucket % this.#counts.length;
    this.#counts[index] = (this.#counts[index] ?? 0) + amount;
  }

  /** Per second; 0 before anything came. */
  rate(time: number): number {
    if (this.#startedAt === undefined) return 0;
    this.#advance(time);
    const windowMs = this.#counts.length * BUCKET_MS;
    // Until the window is full, only the time since the start counts; half a second at least, or one thing is a flood.
    const covered = Math.max(500, Math.min(windowMs, time - this.#startedAt));
    return (this.#counts.reduce((sum, n) => sum + n, 0) * 1000) / covered;
  }

  reset(): void {
    this.#counts.fill(0);
    this.#startedAt = undefined;
  }

  #advance(time: number): void {
    const bucket = Math.floor(time / BUCKET_MS);
    if (this.#startedAt === undefined) {
      this.#startedAt = time;
      this.#bucket = bucket;
    }
    const steps = Math.min(this.#counts.length, bucket - this.#bucket);
    for (let k = 1; k <= steps; k++) this.#counts[(bucket - steps + k) % this.#counts.length] = 0;
    if (bucket > this.#bucket) this.#bucket = bucket;
  }
}
