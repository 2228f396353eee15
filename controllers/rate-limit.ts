const BURST_SECONDS = 5;

/** A token bucket: so many a second over time, and five seconds' worth at once. */
export class RateLimit {
  readonly #perMs: number;
  readonly #most: number;
  #tokens: number;
  #at = 0;

  constructor(perSecond: number) {
    this.#perMs = perSecond / 1000;
    this.#most = Math.max(1, perSecond * BURST_SECONDS);
    this.#tokens = this.#most;
  }

  /** Whether one more may pass at `now`, ms. */
  take(now: number): boolean {
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(this.#most, this.#tokens + passed * this.#perMs);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
