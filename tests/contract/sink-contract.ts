import { afterEach, describe, expect, test } from 'vitest';
import type { AlarmMessage, AlarmSink } from '../../core/index.ts';
import { change, messageOf } from '../integration/storage/records.ts';

/** A sink with its real receiver. */
export interface SinkBench {
  readonly sink: AlarmSink;
  /** What the receiver has for good, in order. */
  received(): Promise<readonly AlarmMessage[]>;
  /** The receiver goes away and comes back, with what it had. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const PATIENCE_MS = 10_000;
const message = (version: number): AlarmMessage => messageOf(change({ id: 'i', liftId: 'lift-7', version }));

/** What every AlarmSink promises. */
export function sinkContract(name: string, open: () => Promise<SinkBench>): void {
  describe(`${name} keeps the contract of a sink:`, () => {
    let bench: SinkBench | undefined;
    afterEach(async () => {
      await bench?.sink.close();
      await bench?.remove();
      bench = undefined;
    });
    const begin = async (): Promise<SinkBench> => {
      bench = await open();
      return bench;
    };
    const deliver = ({ sink }: SinkBench, version: number, ms = PATIENCE_MS): Promise<void> =>
      sink.deliver(message(version), AbortSignal.timeout(ms));

    test('a message is with the receiver when deliver resolves, whole and in order', async () => {
      const at = await begin();
      for (const version of [1, 2, 3]) {
        await deliver(at, version);
        expect((await at.received()).at(-1)).toEqual(message(version));
      }
      expect(await at.received()).toEqual([1, 2, 3].map(message));
    });

    test('a receiver that is away fails, to be tried again, and is reached again when it is back', async () => {
      const at = await begin();
      await deliver(at, 1);
      await at.stop();
      await expect(deliver(at, 2, 500)).rejects.toMatchObject({ code: 'SINK_FAILED', retryable: true });
      await at.start();
      for (let tries = 0; tries < 100; tries += 1) {
        const failed = await deliver(at, 2, 1000).then(
          () => false,
          () => true,
        );
        if (!failed) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const ids = (await at.received()).map(({ id }) => id);
      expect([...new Set(ids)]).toEqual(['i/1', 'i/2']);
    });

    test('it heeds its signal, and says nothing of addresses', async () => {
      const at = await begin();
      const error = await at.sink.deliver(message(1), AbortSignal.abort()).catch((cause: Error) => cause);
      expect(error).toMatchObject({ code: 'SINK_FAILED' });
      expect((error as Error).message).not.toMatch(/127\.0\.0\.1|:\/\/|secret/);
    });

    test('it can be closed twice, and takes nothing any more', async () => {
      const at = await begin();
      await at.sink.close();
      await at.sink.close();
      await expect(deliver(at, 1)).rejects.toThrow();
      expect(await at.received()).toEqual([]);
    });
  });
}
