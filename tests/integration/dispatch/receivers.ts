import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { Queue } from 'bullmq';
import { Webhook } from 'standardwebhooks';
import { Value } from 'typebox/value';
import type { AlarmMessage, AlarmSink } from '../../../core/index.ts';
import { AlarmOptions, createSinks } from '../../../incidents/index.ts';
import type { SinkBench } from '../../contract/sink-contract.ts';
import { freePort, startRedis } from '../storage/programs.ts';

export const secret = (byte: number): string => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;

/** The one sink of an `alarms` section. */
export function sinkOf(alarms: Readonly<Record<string, unknown>>): AlarmSink {
  const [sink] = createSinks(Value.Default(AlarmOptions, structuredClone(alarms)) as AlarmOptions);
  if (!sink) throw new Error('no sink is set up');
  return sink;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: AlarmMessage[];
  readonly headers: IncomingHttpHeaders[];
  /** What it answers with; undefined: it never does. */
  status: (message: AlarmMessage) => number | undefined;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A receiver that checks every signature, as any that keeps to Standard Webhooks does. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const port = await freePort();
  let server: Server;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/alarms`,
    received: [],
    headers: [],
    status: () => 204,
    async start() {
      server = createHttpServer(async (request, response) => {
        let body = '';
        for await (const part of request) body += part;
        const message = new Webhook(secret(1)).verify(
          body,
          request.headers as Record<string, string>,
        ) as AlarmMessage;
        receiver.headers.push(request.headers);
        const status = receiver.status(message);
        if (status === undefined) return;
        if (status < 300) receiver.received.push(message);
        response.writeHead(status, { location: '/elsewhere' }).end('thank you');
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await receiver.start();
  return receiver;
}

export async function webhookBench(): Promise<SinkBench> {
  const receiver = await startWebhookReceiver();
  const sink = sinkOf({ webhooks: [{ name: 'desk', url: receiver.url, secrets: [secret(2), secret(1)] }] });
  return { ...receiver, sink, received: async () => receiver.received, remove: receiver.stop };
}

export async function mqttBench(): Promise<SinkBench> {
  const port = await freePort();
  const received: AlarmMessage[] = [];
  const sockets = new Set<Socket>();
  const broker = await Aedes.createBroker();
  broker.on('publish', (packet, client) => {
    if (client) received.push(JSON.parse(packet.payload.toString()) as AlarmMessage);
  });
  let server = createTcpServer();
  const start = async (): Promise<void> => {
    server = createTcpServer((socket) => {
      sockets.add(socket);
      broker.handle(socket);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
  };
  await start();
  return {
    sink: sinkOf({ mqtt: [{ name: 'broker', url: `mqtt://127.0.0.1:${port}` }] }),
    received: async () => received,
    start,
    stop,
    async remove() {
      await stop();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}

export async function bullmqBench(): Promise<SinkBench> {
  const redis = await startRedis();
  return {
    sink: sinkOf({ bullmq: [{ name: 'queue', url: redis.url }] }),
    async received() {
      const queue = new Queue('cabinwatch-alarms', {
        connection: { host: '127.0.0.1', port: Number(new URL(redis.url).port) },
      });
      const jobs = await queue.getJobs(['waiting'], 0, -1, true);
      await queue.close();
      return jobs.map(({ data }) => data as AlarmMessage);
    },
    start: redis.start,
    stop: redis.kill,
    remove: redis.remove,
  };
}
