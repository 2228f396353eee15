import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AlarmSink,
  CabinwatchError,
  type Clock,
  type Logger,
  type OutboxItem,
  type OutboxStore,
} from '../../core/index.ts';
import { retryDelay } from './backoff.ts';
import type { DispatchOptions } from './options.ts';
import { sinkFailed } from './sinks/sink-error.ts';
import { untilAborted } from './sinks/until-aborted.ts';

export interface LaneDeps {
  readonly sink: AlarmSink;
  readonly outbox: Pick<OutboxStore, 'due' | 'delivered' | 'failed' | 'bury'>;
  readonly options: DispatchOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** How one receiver fares, for metrics and for telling the operator. Counts are since the start. */
export interface LaneHealth {
  readonly sink: string;
  readonly delivered: number;
  readonly failed: number;
  readonly buried: number;
  /** Since when nothing has been delivered though it was tried; undefined while all is well. */
  readonly failingSince: number | undefined;
  readonly error: string | undefined;
}

/** Retries come due by themselves, and another process may have put something into the outbox. */
const LOOK_AGAIN_MS = 500;
const STORE_RETRY_MS = 1000;

/** Delivers what is for one sink: in order within a lift, lifts beside each other. Other sinks have lanes of their own. */
export class SinkLane {
  readonly #deps: LaneDeps;
  readonly #abort = new AbortController();
  /** What is being delivered or marked as delivered; the outbox still gives it out. */
  readonly #underWay = new Map<number, Promise<void>>();
  #news = false;
  #wake: (() => void) | undefined;
  #running: Promise<void>;
  #health: Omit<LaneHealth, 'sink'> = {
    delivered: 0,
    failed: 0,
    buried: 0,
    failingSince: undefined,
    error: undefined,
  };

  constructor(deps: LaneDeps) {
    this.#deps = deps;
    this.#running = this.#run();
  }

  /** There may be something new. */
  wake(): void {
    this.#news = true;
    this.#wake?.();
  }

  health(): LaneHealth {
    return { sink: this.#deps.sink.name, ...this.#health };
  }

  /** Breaks off what is under way: it stays in the outbox. */
  async close(): Promise<void> {
    this.#abort.abort(new CabinwatchError('CLOSED', 'The dispatcher is closed.'));
    this.wake();
    await this.#running;
    await Promise.all(this.#underWay.values());
    await this.#deps.sink.close();
  }

  async #run(): Promise<void> {
    const { sink, outbox, options, clock, logger } = this.#deps;
    let storeFailed = false;
    while (!this.#abort.signal.aborted) {
      this.#news = false;
      let wait = LOOK_AGAIN_MS;
      try {
        const due = await outbox.due(sink.name, clock.now(), this.#underWay.size + options.parallel);
        storeFailed = false;
        const free = options.parallel - this.#underWay.size;
        for (const item of due.filter(({ id }) => !this.#underWay.has(id)).slice(0, free)) this.#begin(item);
      } catch (error) {
        if (!storeFailed) logger.warn({ sink: sink.name, error: String(error) }, 'the outbox cannot be read');
        storeFailed = true;
        wait = STORE_RETRY_MS;
      }
      await this.#rest(wait);
    }
  }

  #begin(item: OutboxItem): void {
    if (this.#abort.signal.aborted) return;
    const done = this.#deliver(item).finally(() => {
      this.#underWay.delete(item.id);
      this.wake();
    });
    this.#underWay.set(item.id, done);
  }

  async #deliver(item: OutboxItem): Promise<void> {
    const { sink, outbox, options, clock, random } = this.#deps;
    const failure = await this.#attempt(item);
    const now = clock.now();
    if (failure === undefined) {
      this.#health = {
        ...this.#health,
        delivered: this.#health.delivered + 1,
        failingSince: undefined,
        error: undefined,
      };
      await this.#mark(() => outbox.delivered(item.id, now));
      return;
    }
    if (this.#abort.signal.aborted) return;
    const error = failure instanceof Error ? failure.message : String(failure);
    this.#failing(error, now);
    const refused = failure instanceof CabinwatchError && !failure.retryable;
    const tooOld = now - item.createdAt > options.giveUpAfter * 3_600_000;
    if (refused || tooOld) {
      this.#health = { ...this.#health, buried: this.#health.buried + 1 };
      this.#deps.logger.error(
        { sink: sink.name, id: item.message.id, error },
        'a message went to the dead letters',
      );
      await this.#mark(() => outbox.bury(item.id, now, error));
    } else {
      const next = now + retryDelay(item.attempts + 1, random(), options);
      await this.#mark(() => outbox.failed(item.id, now, error, next));
    }
  }

  /** What went wrong; undefined once it is delivered. A sink that does not heed its signal is left behind. */
  async #attempt(item: OutboxItem): Promise<unknown> {
    const { sink, options } = this.#deps;
    const late = AbortSignal.timeout(options.timeout * 1000);
    const signal = AbortSignal.any([this.#abort.signal, late]);
    try {
      await untilAborted(signal, sink.deliver(item.message, signal));
      return undefined;
    } catch (error) {
      return late.aborted ? sinkFailed(sink.name, 'did not answer in time', error) : error;
    }
  }

  /** While the store is away, goes on trying: forgetting would send again what has been delivered. */
  async #mark(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await write();
        return;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        this.#deps.logger.debug({ error: String(error) }, 'the outbox cannot be written');
        await sleep(STORE_RETRY_MS, undefined, { signal: this.#abort.signal }).catch(() => {});
      }
    }
  }

  #failing(error: string, now: number): void {
    // One line when it begins to fail and when the cause changes, not one for each attempt.
    if (error !== this.#health.error)
      this.#deps.logger.warn({ sink: this.#deps.sink.name, error }, 'a receiver does not take messages');
    const { failed, failingSince = now } = this.#health;
    this.#health = { ...this.#health, failed: failed + 1, failingSince, error };
  }

  #rest(ms: number): Promise<void> {
    if (this.#news) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
