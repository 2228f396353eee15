import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Value } from 'typebox/value';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { silentLogger } from '../../../core/index.ts';
import {
  createSignaling,
  type ServerMessage,
  type Signaling,
  type SignalingDeps,
  SignalingOptions,
} from '../../../signaling/index.ts';

export const SECRET = 'a secret of the tests, long enough';

export function optionsOf(some: object = {}): SignalingOptions {
  return Value.Parse(SignalingOptions, Value.Default(SignalingOptions, { secret: SECRET, ...some }));
}

export interface Service {
  readonly signaling: Signaling;
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A signaling service on a port of 127.0.0.1. */
export async function startService(
  some: object = {},
  deps: Partial<SignalingDeps> = {},
  { port = 0, host = '127.0.0.1' } = {},
): Promise<Service> {
  const signaling = await createSignaling(optionsOf(some), { logger: silentLogger, ...deps });
  const server = createServer((_request, response) => response.end());
  signaling.attach(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const taken = (server.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    await signaling.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { signaling, server, url: `ws://${host}:${taken}/signal`, port: taken, close };
}

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** One who talks the protocol by hand. */
export class RawClient {
  readonly socket: WebSocket;
  readonly got: ServerMessage[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  /** Unset to play dead. */
  answersPings = true;

  constructor(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      if (message.type === 'ping' && this.answersPings) this.send({ type: 'pong' });
      this.got.push(message);
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    this.socket.on('error', () => {});
  }

  static async join(
    url: string,
    hello: { token?: string; resume?: string; instance?: string },
  ): Promise<RawClient> {
    const client = new RawClient(url);
    await client.hello(hello);
    return client;
  }

  async hello(fields: {
    token?: string;
    resume?: string;
    instance?: string;
    versions?: number[];
  }): Promise<void> {
    await this.opened();
    this.send({ type: 'hello', versions: [1], instance: crypto.randomUUID(), ...fields });
  }

  opened(): Promise<void> {
    if (this.socket.readyState === WebSocket.OPEN) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('close', () => reject(new Error('the socket did not open')));
    });
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The latest of its kind, waited for; `fits` picks. */
  async next<T extends ServerMessage['type']>(
    type: T,
    fits: (message: Of<T>) => boolean = () => true,
    timeout = 5000,
  ): Promise<Of<T>> {
    let found: Of<T> | undefined;
    const look = (): Of<T> | undefined =>
      this.got.findLast((one): one is Of<T> => one.type === type && fits(one as Of<T>));
    await expect
      .poll(
        () => {
          found = look();
          return found !== undefined;
        },
        { timeout, interval: 5, message: `${type}; got ${JSON.stringify(this.got.slice(-5))}` },
      )
      .toBe(true);
    return found as Of<T>;
  }

  async gone(timeout = 5000): Promise<{ code: number; reason: string }> {
    await expect.poll(() => this.closed, { timeout, interval: 5 }).toBeDefined();
    return this.closed!;
  }

  close(): void {
    this.socket.terminate();
  }
}
