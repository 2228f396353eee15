/**
 * Which one-time tokens were used. Kept in memory until they would have run out; tokens from before `startedAt` are refused
 * altogether, so that a restart, which forgets the book, lets none be used twice.
 */
export class NonceBook {
  readonly #used = new Map<string, number>();
  readonly #startedAt: number;
  #sweepAt = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  get size(): number {
    return this.#used.size;
  }

  /** True the first time. */
  use(
    token: { readonly nonce: string; readonly issuedAt: number; readonly expiresAt: number },
    now: number,
  ): boolean {
    this.#sweep(now);
    if (token.issuedAt < this.#startedAt || this.#used.has(token.nonce)) return false;
    this.#used.set(token.nonce, token.expiresAt);
    return true;
  }

  #sweep(now: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + 10_000;
    for (const [nonce, expiresAt] of this.#used) if (expiresAt <= now) this.#used.delete(nonce);
  }
}
