import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type AlarmMessage, type AlarmSink, CabinwatchError, silentLogger } from '../../../core/index.ts';
import { createDispatcher, type Dispatcher } from '../../../incidents/index.ts';
import { createStorage, type Storage } from '../../../storage/index.ts';
import { tempFolder } from '../storage/programs.ts';
import { change, messageOf, storageOptions } from '../storage/records.ts';

const dataDir = tempFolder();
let storage: Storage;
let dispatcher: Dispatcher;
let off: () => void;

beforeAll(async () => {
  storage = await createStorage(storageOptions({ dataDir }), {
    sinks: ['a', 'b'],
    logger: silentLogger,
    env: {},
  });
});
afterAll(async () => {
  await storage.close();
  rmSync(dataDir, { recursive: true });
});
afterEach(async () => {
  off();
  await dispatcher.close();
});

/** A receiver in the same process, which does what the test says. */
function sink(name: string, take: (message: AlarmMessage, signal: AbortSignal) => Promise<void>): AlarmSink {
  return { name, deliver: take, close: async () => {} };
}

function dispatch(sinks: readonly AlarmSink[], own: { timeout?: number; giveUpAfter?: number } = {}): void {
  const options = { timeout: 5, firstRetry: 0.05, maxRetry: 0.2, giveUpAfter: 1, parallel: 4, ...own };
  dispatcher = createDispatcher(options, { sinks, outbox: storage.outbox, logger: silentLogger });
  off = storage.on('recorded', () => dispatcher.wake());
}

const record = (liftId: string, id: string, versions: readonly number[], at = Date.now()) =>
  storage.incidents.record(
    versions.map((version) => change({ id, liftId, version }, at)),
    messageOf,
  );
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });
const away = (): Promise<never> => Promise.reject(new CabinwatchError('SINK_FAILED', 'away'));

test('a new change is on its way at once', async () => {
  const delays: number[] = [];
  let recorded = 0;
  const take = async (): Promise<void> => void delays.push(performance.now() - recorded);
  dispatch([sink('a', take), sink('b', async () => {})]);
  for (let version = 1; version <= 20; version += 1) {
    const seen = delays.length;
    recorded = performance.now();
    await record('lift-fast', 'fast', [version]);
    await until(() => expect(delays.length).toBe(seen + 1));
  }
  const sorted = delays.sort((x, y) => x - y);
  console.log(
    `dispatch: recorded to delivered, ms: median ${sorted[10]?.toFixed(1)}, worst ${sorted[19]?.toFixed(1)}`,
  );
  expect(sorted[19]).toBeLessThan(2000);
});

test('a sink that hangs and a lift that fails hold up nobody else, and order within a lift holds', async () => {
  const got: string[] = [];
  let healthy = false;
  const take = async ({ id, data }: AlarmMessage): Promise<void> => {
    if (data.incident.liftId === 'lift-bad' && !healthy) return away();
    got.push(id);
  };
  dispatch([sink('a', () => new Promise(() => {})), sink('b', take)]);
  await Promise.all([record('lift-bad', 'bad', [1, 2, 3]), record('lift-good', 'good', [1, 2, 3])]);
  await until(() => expect(got).toEqual(['good/1', 'good/2', 'good/3']));
  const [hanging, other] = dispatcher.health();
  expect(hanging).toMatchObject({ sink: 'a', delivered: 0 });
  expect(other?.failed).toBeGreaterThan(0);
  healthy = true;
  await until(() => expect(got.slice(3)).toEqual(['bad/1', 'bad/2', 'bad/3']));
  expect(dispatcher.health()[1]?.failingSince).toBeUndefined();
});

test('what was not delivered when it closed is delivered by the next, and a sink that hangs does not keep it open', async () => {
  dispatch([sink('a', () => new Promise(() => {})), sink('b', () => new Promise(() => {}))]);
  await record('lift-later', 'later', [1, 2]);
  await until(async () => expect((await storage.outbox.due('b', Date.now(), 99)).length).toBeGreaterThan(0));
  off();
  await dispatcher.close();
  const got: string[] = [];
  const take = async ({ id }: AlarmMessage): Promise<void> => void got.push(id);
  dispatch([sink('a', take), sink('b', async () => {})]);
  await until(() => expect(got.filter((id) => id.startsWith('later'))).toEqual(['later/1', 'later/2']));
});

test('what is refused or too old goes to the dead letters, lets the next pass, and can be replayed', async () => {
  const got: string[] = [];
  let willing = false;
  const take = async ({ id }: AlarmMessage): Promise<void> => {
    if (id === 'dead/1' && !willing) throw new CabinwatchError('SINK_REFUSED', 'never');
    if (id === 'old/1' && !willing) return away();
    // What tests before have left is none of this one's business.
    if (/^(dead|old)/.test(id)) got.push(id);
  };
  dispatch([sink('a', take), sink('b', async () => {})]);
  await record('lift-old', 'old', [1], Date.now() - 2 * 3_600_000);
  await record('lift-dead', 'dead', [1, 2]);
  await until(async () => {
    const letters = await storage.outbox.deadLetters(99);
    expect(letters.map(({ message, error }) => [message.id, error]).sort()).toEqual([
      ['dead/1', 'never'],
      ['old/1', 'away'],
    ]);
  });
  await until(() => expect(got).toEqual(['dead/2']));
  willing = true;
  expect(await storage.outbox.replay('all', Date.now())).toBe(2);
  dispatcher.wake();
  await until(() => expect(got.slice(1).sort()).toEqual(['dead/1', 'old/1']));
});

test('a sink that takes too long is tried again', async () => {
  let tries = 0;
  const take = (): Promise<void> => {
    tries += 1;
    return tries < 3 ? new Promise(() => {}) : Promise.resolve();
  };
  dispatch([sink('a', take), sink('b', async () => {})], { timeout: 0.1 });
  await record('lift-slow', 'slow', [1]);
  await until(() => expect(dispatcher.health()[0]?.delivered).toBe(1));
  expect(tries).toBe(3);
});
