import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controllers, createControllers } from '../../../controllers/index.ts';
import { projectRoot } from '../../../core/index.ts';
import {
  generateTraffic,
  messagesOfFile,
  messagesOfTraffic,
  playControllers,
  TRAFFIC_DEFAULTS,
} from '../../../simulator/index.ts';
import { until } from '../../fixtures/until.ts';

let controllers: Controllers;
beforeEach(() => {
  controllers = createControllers({ port: 0, maxPerSecond: 10_000 });
});
afterEach(() => controllers.close());
const credentials = () => ({ user: 'gateway', password: 'secret-gate' });
const url = (): string => `mqtt://127.0.0.1:${controllers.mqttPort}`;

test('a clip’s controller file, played, leaves the car as its last line says', async () => {
  const file = join(projectRoot(), 'datasets/synthetic/clips/ordinary-ride/controller.jsonl');
  const text = readFileSync(file, 'utf8');
  const last = JSON.parse(text.trim().split('\n').at(-1) as string);
  await controllers.setLifts([{ id: 'a-1', controller: credentials() }]);
  const played = await playControllers(messagesOfFile(text, 'a-1'), { url: url(), credentials, speed: 40 });
  expect(played.messages).toBe(text.trim().split('\n').length);
  await until(() => controllers.state('a-1')?.floor.value === last.floor);
  expect(controllers.state('a-1')).toMatchObject({
    door: { value: last.door },
    speed: { value: last.speed },
  });
});

test('traffic of many lifts reaches each of them', async () => {
  const traffic = generateTraffic({ lifts: 10, seconds: 60 });
  await controllers.setLifts(traffic.liftIds.map((id) => ({ id, controller: credentials() })));
  const messages = messagesOfTraffic(traffic, TRAFFIC_DEFAULTS.startAt);
  const played = await playControllers(messages, { url: url(), credentials, speed: 60 });
  const taken = (): number => {
    const { accepted, duplicates, outdated } = controllers.stats().counters;
    return accepted + duplicates + outdated;
  };
  await until(() => taken() === played.messages);
  expect(controllers.stats().online).toBe(10);
});

test('it stops when it is told to', async () => {
  await controllers.setLifts([{ id: 'a-1', controller: credentials() }]);
  const abort = new AbortController();
  const messages = [0, 3_600_000].map((atMs) => ({ liftId: 'a-1', atMs, message: { floor: 1 } }));
  const played = playControllers(messages, { url: url(), credentials, signal: abort.signal });
  await until(() => controllers.state('a-1')?.floor.value === 1);
  abort.abort();
  expect((await played).messages).toBe(1);
});
