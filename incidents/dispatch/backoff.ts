export interface BackoffOptions {
  /** Seconds. */
  readonly firstRetry: number;
  /** Seconds, before jitter. */
  readonly maxRetry: number;
}

/** Longer or shorter by up to that share, so that lifts that failed together do not knock together. */
const JITTER = 0.2;

/**
 * The wait before the next attempt, ms.
 * @param failures attempts that have failed, from 1
 * @param random uniform in [0, 1)
 */
export function retryDelay(failures: number, random: number, options: BackoffOptions): number {
  const plain = Math.min(options.maxRetry, options.firstRetry * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return plain * 1000 * (1 + JITTER * (2 * random - 1));
}
