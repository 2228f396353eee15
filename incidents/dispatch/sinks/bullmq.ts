import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Static, Type } from 'typebox';
import type { AlarmMessage, AlarmSink } from '../../../core/index.ts';
import { reasonOf, sinkFailed } from './sink-error.ts';
import { SinkName } from './sink-name.ts';
import { untilAborted } from './until-aborted.ts';

export const BullmqSinkOptions = Type.Object(
  {
    name: SinkName,
    url: Type.String({
      pattern: '^rediss?://',
      expected: 'a redis:// or rediss:// address',
      description:
        'The Redis that holds the queue. For alarms it must write every command down (`appendonly yes`, `appendfsync always`) ' +
        'and throw nothing away (`maxmemory-policy noeviction`).',
    }),
    queue: Type.String({
      default: 'cabinwatch-alarms',
      pattern: '^[^:]+$',
      expected: 'a text without colons',
      minLength: 1,
      description: 'The queue’s name, for the workers that read it.',
    }),
    keepDays: Type.Number({
      default: 7,
      minimum: 0.01,
      maximum: 365,
      description:
        'Days that finished jobs stay in Redis. That long a message that comes twice is known and not queued again; raising ' +
        'it takes memory.',
    }),
  },
  { additionalProperties: false },
);
export type BullmqSinkOptions = Static<typeof BullmqSinkOptions>;

/** Adds messages to a BullMQ queue, with the message's id for the job's, so that adding one twice adds it once. */
export function createBullmqSink({ name, url, queue, keepDays }: BullmqSinkOptions): AlarmSink {
  let opening: Promise<{ readonly jobs: Queue; readonly connection: Redis }> | undefined;
  let closed = false;

  const open = async (): Promise<{ jobs: Queue; connection: Redis }> => {
    const [{ Queue }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    const connection = new Redis(url, {
      // Fail at once while Redis is away: the outbox waits, not a queue in memory.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(1000, times * 100),
    });
    connection.on('error', () => {});
    const jobs = new Queue(queue, { connection, skipWaitingForReady: true });
    jobs.on('error', () => {});
    return { jobs, connection };
  };

  return {
    name,
    async deliver(message: AlarmMessage, signal: AbortSignal): Promise<void> {
      if (closed) throw sinkFailed(name, 'is closed');
      opening ??= open();
      const { jobs } = await opening;
      const keep = { age: keepDays * 86_400 };
      try {
        await untilAborted(
          signal,
          jobs.add(message.type, message, { jobId: message.id, removeOnComplete: keep, removeOnFail: keep }),
        );
      } catch (error) {
        throw sinkFailed(name, `did not take it (${reasonOf(error)})`, error);
      }
    },
    async close() {
      closed = true;
      const opened = await opening;
      opened?.connection.disconnect();
      await opened?.jobs.close().catch(() => {});
    },
  };
}
