import type { CabinwatchError, Logger } from '../../core/index.ts';

const EVERY_MS = 1000;

export interface ErrorSummary {
  add(liftId: string, error: CabinwatchError): void;
}

/** What fails many times a second is one line a second: how often, and the last of it in full. */
export function createErrorSummary(logger: Logger): ErrorSummary {
  const waiting = new Map<string, { liftId: string; error: CabinwatchError; count: number }>();
  const flush = (): void => {
    for (const { liftId, error, count } of waiting.values()) {
      logger.warn({ liftId, code: error.code, count, detail: error.message }, 'looking at a camera failed');
    }
    waiting.clear();
  };
  return {
    add(liftId, error) {
      if (waiting.size === 0) setTimeout(flush, EVERY_MS).unref();
      const key = `${liftId} ${error.code}`;
      waiting.set(key, { liftId, error, count: (waiting.get(key)?.count ?? 0) + 1 });
    },
  };
}
