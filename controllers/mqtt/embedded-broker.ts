import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AuthenticateError, Client } from 'aedes';
import { CabinwatchError, type Clock, type Logger } from '../../core/index.ts';
import type { ControllerOptions } from '../options.ts';
import { PacketGuard } from './packet-guard.ts';
import { createPermissions } from './permissions.ts';
import { type MqttEars, type MqttLift, type MqttSource, topicRoutes } from './source.ts';

export interface EmbeddedBroker extends MqttSource {
  readonly port: number;
}

export interface EmbeddedBrokerDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ears: MqttEars;
}

const CONNECT_TIMEOUT_MS = 10_000;
const BAD_PASSWORD = 4;

/**
 * An MQTT 3.1.1 broker in this process (aedes). Each lift signs in with its own password and may write only to its own
 * topics; nobody may subscribe: the service listens, it commands nothing.
 * @throws CabinwatchError ADDRESS_IN_USE, CONFIG_INVALID for certificates that cannot be read
 */
export async function createEmbeddedBroker(
  options: Pick<ControllerOptions, 'bind' | 'port' | 'tls' | 'maxKilobytes'>,
  { logger, clock, ears }: EmbeddedBrokerDeps,
): Promise<EmbeddedBroker> {
  const { Aedes } = await import('aedes');
  const passes = new WeakMap<Client, string>();
  const counts = { refused: 0, foreign: 0 };
  let permissions = createPermissions([]);
  let routes = topicRoutes([]);

  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxClientsIdLength: 512,
    preConnect(_client, packet, done) {
      // Whoever signs in with an id that is connected takes its place: so nobody may take another user's.
      if (packet.clientId) packet.clientId = `${packet.username ?? ''}/${packet.clientId}`;
      done(null, true);
    },
    authenticate(client, user, password, done) {
      const pass = permissions.signIn(user, password);
      if (pass === undefined) {
        counts.refused++;
        done(
          Object.assign(new Error('wrong user or password'), {
            returnCode: BAD_PASSWORD,
          }) as AuthenticateError,
          false,
        );
        return;
      }
      passes.set(client, pass);
      done(null, true);
    },
    authorizePublish(client, packet, done) {
      const pass = client ? passes.get(client) : undefined;
      if (pass === undefined || !permissions.mayPublish(pass, packet.topic)) {
        counts.foreign++;
        done(new Error('not a topic of this user'));
        return;
      }
      // Nobody subscribes: what is retained would only fill the memory.
      packet.retain = false;
      done(null);
    },
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
    published(packet, client, done) {
      if (client) hear(packet.topic, Buffer.from(packet.payload), client);
      done(null);
    },
  });
  broker.on('clientError', (client, error) =>
    logger.debug({ client: client.id, detail: error.message }, 'an MQTT client failed'),
  );
  broker.on('connectionError', (_client, error) =>
    logger.debug({ detail: error.message }, 'an MQTT connection failed'),
  );

  function hear(topic: string, payload: Uint8Array, client: Client): void {
    const route = routes.get(topic);
    if (!route) {
      counts.foreign++;
      return;
    }
    const now = clock.now();
    if (route.what === 'status') ears.status(route.liftId, payload, now);
    else if (ears.message(route.liftId, payload, now) === 'cut') client.close();
  }

  const handle = (socket: Socket): void => {
    guard(socket, options.maxKilobytes * 1024);
    broker.handle(socket);
  };
  const sockets = new Set<Socket>();
  const server = options.tls ? createTlsServer(await readTls(options.tls), handle) : createServer(handle);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    logger.debug({ detail: error.message }, 'a TLS connection failed');
    socket.destroy();
  });
  await listen(server, options.port, options.bind);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  logger.info({ bind: options.bind, port, tls: options.tls !== undefined }, 'the MQTT broker listens');
  if (!options.tls && !isLoopback(options.bind))
    logger.warn({ bind: options.bind }, 'the MQTT broker is not encrypted: set controllers.tls');

  let closing: Promise<void> | undefined;
  return {
    port,
    setLifts(lifts: readonly MqttLift[]) {
      permissions = createPermissions(lifts);
      routes = topicRoutes(lifts);
    },
    stats: () => ({
      kind: 'built-in',
      connected: broker.connectedClients,
      subscribed: true,
      reconnects: 0,
      ...counts,
    }),
    close() {
      closing ??= new Promise<void>((resolve) => {
        server.close();
        broker.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return closing;
    },
  };
}

/** Ends a connection whose next packet is longer than it may be, before the parser gathers it. */
function guard(socket: Socket, maxBytes: number): void {
  const packets = new PacketGuard(maxBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk = read(size);
    if (chunk === null || packets.admits(chunk)) return chunk;
    socket.destroy();
    return null;
  };
}

async function readTls(tls: NonNullable<ControllerOptions['tls']>): Promise<{ cert: Buffer; key: Buffer }> {
  const file = (key: 'cert' | 'key'): Promise<Buffer> =>
    readFile(tls[key]).catch((cause) => {
      throw new CabinwatchError(
        'CONFIG_INVALID',
        `controllers.tls.${key}: ${tls[key]} can't be read: ${cause.message}`,
        {
          cause,
        },
      );
    });
  return { cert: await file('cert'), key: await file('key') };
}

function listen(server: Server, port: number, bind: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'ADDRESS_IN_USE' : 'CONFIG_INVALID';
      const detail = `The MQTT broker can't listen on ${bind}:${port}: ${cause.message}. Set controllers.port or controllers.bind.`;
      reject(new CabinwatchError(code, detail, { cause }));
    });
    server.listen(port, bind, () => resolve());
  });
}

const isLoopback = (bind: string): boolean =>
  bind === 'localhost' || bind === '::1' || bind.startsWith('127.');
