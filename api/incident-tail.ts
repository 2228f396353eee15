import type { IncidentStore, RecordedChange } from '../core/index.ts';

/** How often it is looked whether something was recorded, ms; one look for all readers. */
const LOOK_EVERY_MS = 300;
const BATCH = 200;

type Records = Pick<IncidentStore, 'changesSince' | 'lastSeq'>;

/**
 * The records of incidents as they grow, whichever process writes them. Each reader asks for what comes after the last it has,
 * so that nothing is lost or repeated between the past and the present, and a slow one holds up nobody.
 */
export class IncidentTail {
  readonly #records: Records;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<() => void, number>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(records: Records, onError: (error: unknown) => void) {
    this.#records = records;
    this.#onError = onError;
  }

  /** What was recorded after `seq`, in order; waits while there is nothing. Empty once closed or aborted. */
  async after(seq: number, signal: AbortSignal): Promise<readonly RecordedChange[]> {
    while (!this.#closed && !signal.aborted) {
      const changes = await this.#records.changesSince(seq, BATCH).catch((error: unknown) => {
        // The database is away: the reader keeps its place and gets everything once it is back.
        this.#onError(error);
        return [];
      });
      if (changes.length > 0) return changes;
      await this.#more(seq, signal);
    }
    return [];
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const wake of [...this.#waiting.keys()]) wake();
  }

  #more(seq: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.set(wake, seq);
      signal.addEventListener('abort', wake);
      this.#timer ??= setTimeout(() => void this.#look(), LOOK_EVERY_MS);
    });
  }

  async #look(): Promise<void> {
    const last = await this.#records.lastSeq().catch((error: unknown) => {
      this.#onError(error);
      return 0;
    });
    for (const [wake, seq] of [...this.#waiting]) if (last > seq) wake();
    this.#timer = undefined;
    if (this.#waiting.size > 0 && !this.#closed) {
      this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY_MS);
    }
  }
}
