import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AlarmMessage } from '../../../core/index.ts';
import { expectAllInOrder, killRounds, SECRET, seededRandom, startReceiver } from './crash.ts';
import { type Program, startPostgres, startRedis, tempFolder } from './programs.ts';

const ROUNDS = 2;
const TIMEOUT_MS = 240_000;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let dataDir: string;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
afterEach(() => {
  receiver.received.length = 0;
  rmSync(dataDir, { recursive: true, force: true });
});

const alarms = () => ({
  webhooks: [{ name: 'desk', url: receiver.url, secrets: [SECRET] }],
  dispatch: { firstRetry: 0.1, maxRetry: 0.5 },
});

test(
  'killed at any moment with PGlite, every change that was shown is told after the restart',
  async () => {
    dataDir = tempFolder();
    const acked = await killRounds({ storage: { dataDir }, alarms: alarms() }, ROUNDS, seededRandom(1));
    expectAllInOrder(acked, receiver.received);
    console.log(
      `storage: PGlite killed ${ROUNDS} times: ${acked.length} shown, ${receiver.received.length} told`,
    );
  },
  TIMEOUT_MS,
);

test(
  'killed at any moment with PostgreSQL, which is killed as well, every change that was shown is told',
  async () => {
    dataDir = tempFolder();
    const postgres: Program = await startPostgres();
    const random = seededRandom(2);
    try {
      const storage = { dataDir, url: postgres.url, timeout: 1 };
      const acked = await killRounds({ storage, alarms: alarms() }, ROUNDS, random, async () => {
        if (random() < 0.4) return;
        await postgres.kill();
        await sleep(random() * 600);
        await postgres.start();
        await sleep(random() * 1500);
      });
      expectAllInOrder(acked, receiver.received);
      console.log(`storage: PostgreSQL: ${acked.length} shown, ${receiver.received.length} told`);
    } finally {
      await postgres.remove();
    }
  },
  TIMEOUT_MS,
);

test(
  'with BullMQ and Redis, which is killed as well, every change that was shown is in the queue once',
  async () => {
    dataDir = tempFolder();
    const redis = await startRedis();
    const random = seededRandom(3);
    const url = new URL(redis.url);
    try {
      const orders = {
        storage: { dataDir },
        alarms: { bullmq: [{ name: 'queue', url: redis.url }], dispatch: alarms().dispatch },
      };
      const acked = await killRounds(orders, ROUNDS, random, async () => {
        await redis.kill();
        await sleep(random() * 300);
        await redis.start();
        await sleep(random() * 300);
      });
      const queue = new Queue('cabinwatch-alarms', {
        connection: { host: url.hostname, port: Number(url.port) },
      });
      const jobs = await queue.getJobs(['waiting'], 0, -1, true);
      await queue.close();
      expectAllInOrder(
        acked,
        jobs.map(({ data }) => data as AlarmMessage),
      );
      expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length);
      expect(new Set(jobs.map(({ data }) => (data as AlarmMessage).id)).size).toBe(jobs.length);
      console.log(`storage: Redis: ${acked.length} shown, ${jobs.length} in the queue`);
    } finally {
      await redis.remove();
    }
  },
  TIMEOUT_MS,
);
