import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { MqttClient } from 'mqtt';
import { CabinwatchError, type Clock, type Logger, redactUrls } from '../../core/index.ts';
import type { ControllerOptions } from '../options.ts';
import { type MqttEars, type MqttLift, type MqttSource, topicRoutes } from './source.ts';

export interface ExternalBrokerDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ears: MqttEars;
  /** Uniform in [0, 1): spreads the attempts of processes that lost the broker together. */
  readonly random: () => number;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;
/** Topics of one SUBSCRIBE packet: brokers limit its size. */
const SUBSCRIBE_AT_ONCE = 200;

/**
 * Listens at another broker for exactly the topics of its own lifts. It comes back by itself however long the broker is
 * away; a broker that is not there at the start is no error.
 * @throws CabinwatchError CONFIG_INVALID for a `ca` that cannot be read
 */
export async function createExternalBroker(
  options: NonNullable<ControllerOptions['mqtt']>,
  { logger, clock, ears, random }: ExternalBrokerDeps,
): Promise<MqttSource> {
  const { default: mqtt } = await import('mqtt');
  const where = redactUrls(options.url);
  const counts = { refused: 0, foreign: 0, reconnects: 0 };
  let routes = topicRoutes([]);
  /** SUBSCRIBE packets of this connection that are not answered yet. */
  let asked = 0;
  let connection = 0;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;

  const client: MqttClient = mqtt.connect(options.url, {
    ...(options.user !== undefined && { username: options.user }),
    ...(options.password !== undefined && { password: options.password }),
    ...(options.ca !== undefined && { ca: await readCa(options.ca) }),
    clientId: options.clientId ?? `cabinwatch-${randomBytes(6).toString('hex')}`,
    clean: true,
    resubscribe: false,
    // Our own, with jitter and growing: the library's is fixed.
    reconnectPeriod: 0,
  });
  client.on('connect', () => {
    failures = 0;
    asked = 0;
    if (connection++ > 0) counts.reconnects++;
    logger.info({ broker: where }, 'connected to the MQTT broker');
    subscribe([...routes.keys()]);
  });
  client.on('message', (topic, payload, packet) => {
    // It may be of any age, and nothing in it says so.
    if (packet.retain) return;
    const route = routes.get(topic);
    if (!route) counts.foreign++;
    else if (route.what === 'status') ears.status(route.liftId, payload, clock.now());
    else ears.message(route.liftId, payload, clock.now());
  });
  client.on('error', (error) => {
    if ('code' in error && (error.code === 4 || error.code === 5)) counts.refused++;
    if (failures === 0)
      logger.warn({ broker: where, detail: redactUrls(error.message) }, 'the MQTT broker fails');
  });
  client.on('close', () => {
    if (closing) return;
    const wait = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(10, failures++));
    clearTimeout(retry);
    retry = setTimeout(() => client.reconnect(), wait * (0.75 + 0.5 * random()));
  });

  const filter = (topic: string): string => (options.group ? `$share/${options.group}/${topic}` : topic);
  function subscribe(topics: readonly string[]): void {
    for (const some of chunks(topics.map(filter), SUBSCRIBE_AT_ONCE)) {
      const round = connection;
      asked++;
      client.subscribe(some, { qos: 1 }, (error, granted) => {
        if (round === connection) asked--;
        const refused = granted?.filter(({ qos }) => qos === 128).length ?? 0;
        if ((error || refused > 0) && client.connected)
          logger.error(
            { broker: where, refused, detail: error?.message },
            'the MQTT broker refuses subscriptions',
          );
      });
    }
  }

  return {
    setLifts(lifts: readonly MqttLift[]) {
      const before = routes;
      routes = topicRoutes(lifts);
      if (!client.connected) return;
      const gone = [...before.keys()].filter((topic) => !routes.has(topic));
      for (const some of chunks(gone.map(filter), SUBSCRIBE_AT_ONCE)) client.unsubscribe(some);
      subscribe([...routes.keys()].filter((topic) => !before.has(topic)));
    },
    stats: () => ({
      kind: 'external',
      connected: client.connected ? 1 : 0,
      subscribed: client.connected && asked === 0,
      ...counts,
    }),
    close() {
      clearTimeout(retry);
      closing ??= client.endAsync(true);
      return closing;
    },
  };
}

const readCa = (file: string): Promise<Buffer> =>
  readFile(file).catch((cause) => {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `controllers.mqtt.ca: ${file} can't be read: ${cause.message}`,
      { cause },
    );
  });

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
