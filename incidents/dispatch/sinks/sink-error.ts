import { CabinwatchError } from '../../../core/index.ts';

/** A failed attempt that may succeed another time. Says whose failure it was, and nothing of addresses or secrets. */
export function sinkFailed(name: string, what: string, cause?: unknown): CabinwatchError {
  return new CabinwatchError('SINK_FAILED', `The receiver "${name}" ${what}.`, { cause });
}

/** A short cause without what a library may have put into its message: addresses, credentials. */
export function reasonOf(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown };
  if (code !== undefined) return String(code);
  return cause === undefined ? String(name ?? error) : reasonOf(cause);
}
