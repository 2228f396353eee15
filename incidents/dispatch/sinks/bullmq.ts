import { once } from 'node:events';
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
  let connecting: Promise<Redis> | undefined;
  let jobs: Queue | undefined;
  let closed = false;

  const connect = async (): Promise<Redis> => {
    const { Redis } = await import('ioredis');
    const connection = new Redis(url, {
      // Fail at once while Redis is away: the outbox waits, not a queue in memory.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(1000, times * 100),
    });
    connection.on('error', () => {});
    return connection;
  };

  /** Only on a connection that stands: a queue whose beginning fails never recovers. */
  const open = async (signal: AbortSignal): Promise<Queue> => {
    connecting ??= connect();
    const connection = await connecting;
    if (connection.status !== 'ready') await once(connection, 'ready', { signal });
    if (jobs) return jobs;
    const { Queue } = await import('bullmq');
    jobs ??= new Queue(queue, { connection }).on('error', () => {});
    return jobs;
  };

  return {
    name,
    async deliver(message: AlarmMessage, signal: AbortSignal): Promise<void> {
      if (closed) throw sinkFailed(name, 'is closed');
      const keep = { age: keepDays * 86_400 };
      const options = { jobId: message.id, removeOnComplete: keep, removeOnFail: keep };
      try {
        const opened = await open(signal);
        await untilAborted(signal, opened.add(message.type, message, options));
      } catch (error) {
        // The connection is kept; the queue on it may be one that has not begun well.
        const failed = jobs;
        jobs = undefined;
        void failed?.close().catch(() => {});
        throw sinkFailed(name, `did not take it (${reasonOf(error)})`, error);
      }
    },
    async close() {
      closed = true;
      const connection = await connecting;
      await jobs?.close().catch(() => {});
      connection?.disconnect();
    },
  };
}
