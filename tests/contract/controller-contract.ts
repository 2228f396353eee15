import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controllers, createControllers } from '../../controllers/index.ts';
import { type CarState, silentLogger, systemClock } from '../../core/index.ts';
import { until } from '../fixtures/until.ts';

/** A way in which controllers' MQTT messages reach the service. */
export interface MqttWay {
  /** Starts a service with these lifts, and says where their controllers connect. */
  open(lifts: readonly { readonly id: string; readonly password: string }[]): Promise<{
    readonly controllers: Controllers;
    readonly url: string;
    close(): Promise<void>;
  }>;
}

/** What holds whichever broker is between a controller and the service. */
export function mqttContract(way: MqttWay): void {
  let opened: Awaited<ReturnType<MqttWay['open']>>;
  let controllers: Controllers;
  let clients: MqttClient[] = [];
  const states: CarState[] = [];
  const lifts = ['a-1', 'a-2'].map((id) => ({ id, password: `secret-of-${id}` }));

  beforeEach(async () => {
    opened = await way.open(lifts);
    controllers = opened.controllers;
    states.length = 0;
    controllers.on('state', (state) => states.push(state));
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    clients = [];
    await opened.close();
  });

  async function connect(id: string, more: IClientOptions = {}): Promise<MqttClient> {
    const lift = lifts.find((own) => own.id === id);
    const client = await connectAsync(opened.url, {
      username: id,
      ...(lift && { password: lift.password }),
      reconnectPeriod: 0,
      ...more,
    });
    client.on('error', () => {});
    clients.push(client);
    return client;
  }
  const say = (client: MqttClient, id: string, message: unknown, qos: 0 | 1 = 1): Promise<unknown> =>
    client.publishAsync(`cabinwatch/${id}/state`, JSON.stringify(message), { qos });

  test.each([0, 1] as const)('a message at QoS %d becomes the car’s state', async (qos) => {
    const client = await connect('a-1');
    await say(client, 'a-1', { seq: 1, door: 'open', floor: 4 }, qos);
    await until(() => controllers.state('a-1')?.floor.value === 4);
    expect(controllers.state('a-1')).toMatchObject({ link: 'online', door: { value: 'open' } });
    expect(controllers.state('a-2')?.link).toBe('never');
    expect(states).toHaveLength(1);
  });

  test('each lift is heard on its own topic', async () => {
    for (const [index, { id }] of lifts.entries()) await say(await connect(id), id, { floor: index });
    await until(() => controllers.stats().online === 2);
    expect([...controllers.states()].map((state) => state.floor.value)).toEqual([0, 1]);
  });

  test('a list of messages is read in order', async () => {
    const client = await connect('a-1');
    await say(client, 'a-1', [
      { seq: 1, floor: 1 },
      { seq: 2, floor: 2 },
    ]);
    await until(() => controllers.state('a-1')?.floor.value === 2);
    expect(controllers.counters('a-1')?.accepted).toBe(2);
  });

  test('what cannot be read is counted, told, and disturbs nothing', async () => {
    const told: string[] = [];
    controllers.on('message-rejected', ({ problem }) => told.push(problem));
    const client = await connect('a-1');
    await client.publishAsync('cabinwatch/a-1/state', '{"door":', { qos: 1 });
    await say(client, 'a-1', { door: 'ajar' });
    await say(client, 'a-1', { door: 'closed' });
    await until(() => controllers.state('a-1')?.door.value === 'closed');
    await until(() => told.length > 0);
    expect(controllers.counters('a-1')).toMatchObject({ rejected: 2, accepted: 1 });
    expect(told[0]).toContain('door: expected one of');
  });

  test('a flood is limited, and the other lift heard all the same', async () => {
    const [flood, calm] = [await connect('a-1'), await connect('a-2')];
    // The broker may end the connection meanwhile: that is its right.
    for (let i = 0; i < 20 && flood.connected; i++)
      await Promise.all(
        Array.from({ length: 100 }, () => say(flood, 'a-1', { floor: 1 }, 0).catch(() => {})),
      );
    await say(calm, 'a-2', { floor: 9 });
    await until(() => controllers.state('a-2')?.floor.value === 9);
    await until(() => (controllers.counters('a-1')?.limited ?? 0) > 0);
    expect(controllers.counters('a-1')?.accepted).toBeLessThan(1000);
    expect(controllers.counters('a-2')).toMatchObject({ accepted: 1, limited: 0 });
  });

  test('a last will makes the lift silent after its grace', async () => {
    const will = {
      topic: 'cabinwatch/a-1/status',
      payload: Buffer.from('offline'),
      qos: 1 as const,
      retain: false,
    };
    const client = await connect('a-1', { will });
    await say(client, 'a-1', { floor: 1 });
    await until(() => controllers.state('a-1')?.link === 'online');
    client.stream.destroy();
    await until(() => controllers.state('a-1')?.link === 'silent');
    expect(controllers.state('a-1')?.floor.value).toBeUndefined();
  });

  test('a lift that is added is heard, one that is removed is not', async () => {
    const added = { id: 'a-3', controller: { user: 'a-1', password: 'secret-of-a-1' } };
    const first = { id: 'a-1', controller: { password: 'secret-of-a-1' } };
    await controllers.setLifts([first, added]);
    const client = await connect('a-1');
    // Until the subscription stands at the other broker, nobody hears: a controller would say it again, too.
    await until(async () => {
      await say(client, 'a-3', { floor: 7 });
      return controllers.state('a-3')?.floor.value === 7;
    });
    expect(controllers.state('a-2')).toBeUndefined();
    await controllers.setLifts([first]);
    await say(client, 'a-1', { floor: 2 });
    await until(() => controllers.state('a-1')?.floor.value === 2);
    expect(controllers.state('a-3')).toBeUndefined();
  });

  test('after close nothing is heard', async () => {
    await controllers.close();
    await controllers.close();
    expect(controllers.state('a-1')?.link).toBe('never');
  });
}

/** Without grace or rate tricks: as a site would run it, but quick to call a controller silent. */
export const openControllers = (options: Parameters<typeof createControllers>[0]): Controllers =>
  createControllers({ willGrace: 0.2, ...options }, { logger: silentLogger, clock: systemClock });
