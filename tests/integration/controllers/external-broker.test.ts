import { readFile, rm } from 'node:fs/promises';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controllers, createControllers } from '../../../controllers/index.ts';
import { makeCertificate } from '../../fixtures/certificate.ts';
import { type Mosquitto, startMosquitto } from '../../fixtures/mosquitto.ts';
import { until } from '../../fixtures/until.ts';

let broker: Mosquitto;
let opened: Controllers[] = [];

beforeEach(async () => {
  broker = await startMosquitto();
});
afterEach(async () => {
  await Promise.all(opened.map((controllers) => controllers.close()));
  opened = [];
  await broker.close();
});

async function open(more: { readonly group?: string } = {}, url = broker.url): Promise<Controllers> {
  const controllers = createControllers({ mqtt: { url, ...more } }, { random: () => 0 });
  opened.push(controllers);
  await controllers.setLifts([{ id: 'a-1', controller: {} }]);
  return controllers;
}
const subscribed = (controllers: Controllers) => until(() => controllers.stats().mqtt?.subscribed === true);

async function say(message: unknown, options: { retain?: boolean } = {}): Promise<void> {
  const client = await connectAsync(broker.url);
  await client.publishAsync('cabinwatch/a-1/state', JSON.stringify(message), { qos: 1, ...options });
  await client.endAsync();
}

test('a broker that goes and comes back is found again', async () => {
  const controllers = await open();
  await subscribed(controllers);
  await broker.stop();
  await until(() => controllers.stats().mqtt?.connected === 0);
  await broker.start();
  await subscribed(controllers);
  await say({ floor: 8 });
  await until(() => controllers.state('a-1')?.floor.value === 8);
  expect(controllers.stats().mqtt?.reconnects).toBe(1);
});

test('a broker that is not there yet is no error', async () => {
  await broker.stop();
  const controllers = await open();
  expect(controllers.state('a-1')?.link).toBe('never');
  await broker.start();
  await subscribed(controllers);
  await say({ floor: 8 });
  await until(() => controllers.state('a-1')?.floor.value === 8);
});

test('what the broker has kept is of unknown age, and not heard', async () => {
  await say({ floor: 3 }, { retain: true });
  const controllers = await open();
  await subscribed(controllers);
  await say({ door: 'open' });
  await until(() => controllers.state('a-1')?.door.value === 'open');
  expect(controllers.state('a-1')?.floor.heardAt).toBeUndefined();
});

test('processes of one group share the messages', async () => {
  const both = [await open({ group: 'site' }), await open({ group: 'site' })];
  await Promise.all(both.map(subscribed));
  for (let seq = 0; seq < 20; seq++) await say({ seq, floor: 1 });
  const accepted = (): number[] => both.map((one) => one.counters('a-1')?.accepted ?? 0);
  await until(() => accepted().reduce((sum, count) => sum + count, 0) === 20);
  for (const count of accepted()) expect(count).toBeGreaterThan(0);
});

test('over TLS, with the broker’s own authority', async () => {
  const { folder, cert, key } = await makeCertificate();
  const secure = await startMosquitto([`certfile ${cert}`, `keyfile ${key}`]);
  try {
    const controllers = createControllers({ mqtt: { url: `mqtts://127.0.0.1:${secure.port}`, ca: cert } });
    opened.push(controllers);
    await controllers.setLifts([{ id: 'a-1', controller: {} }]);
    await subscribed(controllers);
    const client = await connectAsync(`mqtts://127.0.0.1:${secure.port}`, { ca: await readFile(cert) });
    await client.publishAsync('cabinwatch/a-1/state', '{"floor":8}', { qos: 1 });
    await client.endAsync();
    await until(() => controllers.state('a-1')?.floor.value === 8);
  } finally {
    await secure.close();
    await rm(folder, { recursive: true, force: true });
  }
});
