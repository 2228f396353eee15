export interface BackoffOptions {
  /** Wait before the second attempt, ms. */
  readonly firstMs: number;
  /** Longest wait before jitter, ms. */
  readonly maxMs: number;
  /** Share by which a wait is made longer or shorter at random, so that cameras of one switch do not come in step. */
  readonly jitter: number;
}

/**
 * 4 s, at most 5 s with jitter: with 4 s for an attempt that hangs and 3 s to start, a camera that returns is seen
 * again within 15 s.
 */
export const DEFAULT_BACKOFF: BackoffOptions = Object.freeze({ firstMs: 500, maxMs: 4000, jitter: 0.25 });

/** A wrong password does not get right by trying, and cameras lock the account of who tries often. */
export const UNAUTHORIZED_BACKOFF: BackoffOptions = Object.freeze({
  firstMs: 4000,
  maxMs: 60_000,
  jitter: 0.25,
});

/**
 * The wait before the next attempt, ms.
 * @param failures attempts that have failed in a row, from 1
 * @param random uniform in [0, 1)
 */
export function backoffDelay(
  failures: number,
  random: number,
  options: BackoffOptions = DEFAULT_BACKOFF,
): number {
  const { firstMs, maxMs, jitter } = options;
  const plain = Math.min(maxMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return plain * (1 + jitter * (2 * random - 1));
}
