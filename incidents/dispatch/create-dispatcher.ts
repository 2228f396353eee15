import { type AlarmSink, type Clock, type Logger, type OutboxStore, systemClock } from '../../core/index.ts';
import type { DispatchOptions } from './options.ts';
import { type LaneHealth, SinkLane } from './sink-lane.ts';

export interface DispatcherDeps {
  /** Closed with the dispatcher. */
  readonly sinks: readonly AlarmSink[];
  readonly outbox: Pick<OutboxStore, 'due' | 'delivered' | 'failed' | 'bury'>;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Uniform in [0, 1): spreads retries. */
  readonly random?: () => number;
}

export interface Dispatcher {
  /** There may be something new in the outbox: look now. */
  wake(): void;
  health(): LaneHealth[];
  /** Breaks off what is under way, which stays in the outbox; idempotent. */
  close(): Promise<void>;
}

/**
 * Empties the outbox into the sinks: each message at least once, in order per lift, again and again until a receiver has it
 * or refuses it. One dispatcher a database: two would tell everything twice, and out of order.
 */
export function createDispatcher(options: DispatchOptions, deps: DispatcherDeps): Dispatcher {
  const { sinks, outbox, logger, clock = systemClock, random = Math.random } = deps;
  const lanes = sinks.map((sink) => new SinkLane({ sink, outbox, options, clock, logger, random }));
  let closing: Promise<unknown> | undefined;
  return {
    wake() {
      for (const lane of lanes) lane.wake();
    },
    health: () => lanes.map((lane) => lane.health()),
    async close() {
      closing ??= Promise.all(lanes.map((lane) => lane.close()));
      await closing;
    },
  };
}
