import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, StorageHealth } from '../../core/index.ts';

export interface TakeUpDeps {
  readonly storage: { health(): Pick<StorageHealth, 'state'> };
  /** Who has something to take up, in order. */
  readonly parts: readonly { takeUp(): Promise<void> }[];
  readonly logger: Logger;
}

export interface TakeUp {
  /** Tries once. */
  now(): Promise<void>;
  /** Where that did not do, tries until it does. */
  keepTrying(): void;
  close(): Promise<void>;
}

const RETRY_MS = 1000;

/**
 * What a former run has left goes on: at the start or, where the database is away then, once it is back and has what the
 * journal held.
 */
export function createTakeUp({ storage, parts, logger }: TakeUpDeps): TakeUp {
  const abort = new AbortController();
  const { signal } = abort;
  let isDone = false;
  let trying: Promise<void> = Promise.resolve();

  async function now(): Promise<void> {
    if (storage.health().state !== 'ok') return;
    try {
      for (const part of parts) await part.takeUp();
      isDone = true;
    } catch (error) {
      logger.warn({ error: String(error) }, 'what the last run has left cannot be read yet');
    }
  }

  async function untilDone(): Promise<void> {
    logger.error({}, 'what the last run has left cannot be read; it goes on once it can');
    while (!isDone && !signal.aborted) {
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await now();
    }
    if (isDone) logger.info({}, 'what the last run has left goes on');
  }

  return {
    now,
    keepTrying() {
      if (!isDone) trying = untilDone();
    },
    async close() {
      abort.abort();
      await trying;
    },
  };
}
