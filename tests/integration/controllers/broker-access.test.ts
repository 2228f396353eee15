import { readFile, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import mqtt, { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Controllers, createControllers } from '../../../controllers/index.ts';
import { makeCertificate } from '../../fixtures/certificate.ts';
import { until } from '../../fixtures/until.ts';

let controllers: Controllers;
let clients: MqttClient[] = [];

beforeEach(async () => {
  controllers = createControllers({ port: 0 });
  await controllers.setLifts([
    { id: 'a-1', controller: { password: 'secret-one' } },
    { id: 'a-2', controller: { password: 'secret-two', topic: 'vendor/7/up' } },
    { id: 'b-1', controller: { user: 'gateway', password: 'secret-gate' } },
    { id: 'b-2', controller: { user: 'gateway', password: 'secret-gate' } },
    { id: 'http-only', controller: {} },
  ]);
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  clients = [];
  await controllers.close();
});

const url = (): string => `mqtt://127.0.0.1:${controllers.mqttPort}`;
async function connect(username: string, password: string, more: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(url(), { username, password, reconnectPeriod: 0, ...more });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

const closed = (connection: { once(event: 'close', listener: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => {
    connection.once('close', () => resolve());
  });

/** The code with which the broker refuses to let somebody in. */
function refusal(options: IClientOptions): Promise<number> {
  const client = mqtt.connect(url(), { reconnectPeriod: 0, ...options });
  clients.push(client);
  return new Promise((resolve, reject) => {
    client.once('connect', () => reject(new Error('it was let in')));
    client.once('error', (error) => resolve((error as { code?: number }).code as number));
  });
}

describe('nobody gets in', () => {
  test.each<[string, IClientOptions]>([
    ['without a name', {}],
    ['without a password', { username: 'a-1' }],
    ['with a wrong password', { username: 'a-1', password: 'secret-two' }],
    ['as a lift that there is not', { username: 'a-9', password: 'secret-one' }],
    ['as a lift without a password', { username: 'http-only', password: '' }],
  ])('%s', async (_name, options) => {
    expect(await refusal(options)).toBe(4);
    expect(controllers.stats().mqtt).toMatchObject({ refused: 1, connected: 0 });
  });

  test('whose lift has been removed', async () => {
    await controllers.setLifts([]);
    expect(await refusal({ username: 'a-1', password: 'secret-one' })).toBe(4);
  });
});

describe('a lift may write', () => {
  test.each([
    ['to another’s topic', 'cabinwatch/a-2/state'],
    ['to a tree that begins like its own', 'cabinwatch/a-11/state'],
    ['to another’s own topic', 'vendor/7/up'],
    ['above its tree', 'cabinwatch/a-1'],
    ['to the broker’s topics', '$SYS/x'],
  ])('not %s', async (_name, topic) => {
    const client = await connect('a-1', 'secret-one');
    const end = closed(client);
    client.publish(topic, '{"floor":1}', { qos: 0 });
    await end;
    expect([...controllers.states()].every((state) => state.link === 'never')).toBe(true);
    expect(controllers.stats().mqtt?.foreign).toBe(1);
  });

  test('to the topic it is given', async () => {
    const client = await connect('a-2', 'secret-two');
    await client.publishAsync('vendor/7/up', '{"floor":5}', { qos: 1 });
    await until(() => controllers.state('a-2')?.floor.value === 5);
  });

  test('as a gateway, for each of its lifts', async () => {
    const client = await connect('gateway', 'secret-gate');
    for (const id of ['b-1', 'b-2'])
      await client.publishAsync(`cabinwatch/${id}/state`, '{"floor":5}', { qos: 1 });
    await until(() => controllers.stats().online === 2);
  });
});

test('a password that is changed ends what was signed in with the old one', async () => {
  const client = await connect('a-1', 'secret-one');
  await client.publishAsync('cabinwatch/a-1/state', '{"floor":5}', { qos: 1 });
  await controllers.setLifts([{ id: 'a-1', controller: { password: 'secret-new' } }]);
  const end = closed(client);
  client.publish('cabinwatch/a-1/state', '{"floor":6}');
  await end;
  expect(controllers.state('a-1')?.floor.value).toBe(5);
  const again = await connect('a-1', 'secret-new');
  await again.publishAsync('cabinwatch/a-1/state', '{"floor":7}', { qos: 1 });
  await until(() => controllers.state('a-1')?.floor.value === 7);
});

test('a will on another’s topic is not spoken', async () => {
  const [victim, liar] = [
    await connect('a-2', 'secret-two'),
    await connect('a-1', 'secret-one', {
      will: { topic: 'cabinwatch/a-2/status', payload: Buffer.from('offline'), qos: 0, retain: false },
    }),
  ];
  await victim.publishAsync('vendor/7/up', '{"floor":5}', { qos: 1 });
  await until(() => controllers.state('a-2')?.link === 'online');
  liar.stream.destroy();
  await until(() => controllers.stats().mqtt?.foreign === 1);
  expect(controllers.state('a-2')?.link).toBe('online');
});

test('nobody may listen', async () => {
  const client = await connect('a-1', 'secret-one');
  const heard: string[] = [];
  client.on('message', (topic) => heard.push(topic));
  await expect(client.subscribeAsync(['#', 'cabinwatch/a-1/#', '$SYS/#'])).rejects.toThrow();
  const other = await connect('a-2', 'secret-two');
  await other.publishAsync('vendor/7/up', '{"floor":5}', { qos: 1, retain: true });
  await client.publishAsync('cabinwatch/a-1/state', '{"floor":5}', { qos: 1 });
  await until(() => controllers.stats().online === 2);
  expect(heard).toEqual([]);
});

test('a client id that another user has takes nobody’s place', async () => {
  const first = await connect('a-1', 'secret-one', { clientId: 'plc' });
  await connect('a-2', 'secret-two', { clientId: 'plc' });
  await first.publishAsync('cabinwatch/a-1/state', '{"floor":5}', { qos: 1 });
  await until(() => controllers.state('a-1')?.floor.value === 5);
  expect(controllers.stats().mqtt?.connected).toBe(2);
});

test('a connection that floods is cut off, and the others stay', async () => {
  const [flood, calm] = [await connect('a-1', 'secret-one'), await connect('a-2', 'secret-two')];
  const end = closed(flood);
  const list = JSON.stringify(Array(500).fill({ floor: 1 }));
  flood.publish('cabinwatch/a-1/state', list);
  await end;
  await calm.publishAsync('vendor/7/up', '{"floor":5}', { qos: 1 });
  await until(() => controllers.state('a-2')?.floor.value === 5);
});

test('a packet that says it is too long is cut off before it has come', async () => {
  const socket = connectSocket(controllers.mqttPort as number, '127.0.0.1');
  socket.on('error', () => {});
  const end = closed(socket);
  // CONNECT with 200 MB to follow.
  socket.write(Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f]));
  await end;
  const client = await connect('a-1', 'secret-one');
  const cut = closed(client);
  client.publish('cabinwatch/a-1/state', Buffer.alloc(65 * 1024, 32));
  await cut;
  expect(controllers.counters('a-1')).toMatchObject({ accepted: 0, rejected: 0 });
});

test('rubbish instead of MQTT ends only its own connection', async () => {
  const calm = await connect('a-1', 'secret-one');
  const socket = connectSocket(controllers.mqttPort as number, '127.0.0.1');
  socket.on('error', () => {});
  const end = closed(socket);
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await end;
  await calm.publishAsync('cabinwatch/a-1/state', '{"floor":5}', { qos: 1 });
  await until(() => controllers.state('a-1')?.floor.value === 5);
});

test('with TLS it speaks only encrypted, and the certificate is checked', async () => {
  const { folder, cert, key } = await makeCertificate();
  const secure = createControllers({ port: 0, tls: { cert, key } });
  try {
    await secure.setLifts([{ id: 'a-1', controller: { password: 'secret-one' } }]);
    const options = { username: 'a-1', password: 'secret-one', reconnectPeriod: 0 };
    const ca = await readFile(cert);
    const client = await connectAsync(`mqtts://localhost:${secure.mqttPort}`, { ...options, ca });
    clients.push(client);
    await client.publishAsync('cabinwatch/a-1/state', '{"floor":5}', { qos: 1 });
    await until(() => secure.state('a-1')?.floor.value === 5);
    await expect(connectAsync(`mqtts://localhost:${secure.mqttPort}`, options)).rejects.toThrow(
      /certificate/,
    );
    await expect(
      connectAsync(`mqtt://localhost:${secure.mqttPort}`, { ...options, connectTimeout: 3000 }, false),
    ).rejects.toThrow();
  } finally {
    await secure.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('a port that is taken is said, and nothing is left behind', async () => {
  const second = createControllers({ port: controllers.mqttPort as number });
  const lifts = [{ id: 'a-1', controller: { password: 'secret-one' } }];
  await expect(second.setLifts(lifts)).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
  expect(second.state('a-1')).toBeUndefined();
  await second.close();
});

test('a certificate that cannot be read is said with its key', async () => {
  const none = createControllers({ port: 0, tls: { cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' } });
  await expect(none.setLifts([{ id: 'a-1', controller: { password: 'secret-one' } }])).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('controllers.tls.cert'),
  });
  await none.close();
});
