import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Value } from 'typebox/value';
import { type WebSocket, WebSocketServer } from 'ws';
import { silentLogger } from '../../core/index.ts';
import { createSignaling, type Signaling, SignalingOptions } from '../../signaling/index.ts';

/** The measured process: signaling, or the least that could relay in its place. */
const server = createServer();
let signaling: Signaling | undefined;

/** Relays each message to whoever registered the name it begins with: `to|from|text`. Pings every 5 s as signaling does. */
function bareRelay(): void {
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const names = new Map<string, WebSocket>();
  sockets.on('connection', (socket) => {
    socket.once('message', (name) => {
      names.set(String(name), socket);
      socket.send('welcome');
      socket.on('message', (data) => {
        const text = String(data);
        if (text !== 'pong') names.get(text.slice(0, text.indexOf('|')))?.send(text);
      });
    });
  });
  setInterval(() => {
    for (const socket of names.values()) socket.send('ping');
  }, 5_000);
}

async function answer(message: Record<string, unknown>): Promise<unknown> {
  if (message.start !== undefined) {
    if (message.start === 'bare') bareRelay();
    else {
      const options = { joinTokenSeconds: 600, maxConnections: 100_000, messagesPerSecond: 10_000 };
      signaling = await createSignaling(
        Value.Parse(SignalingOptions, Value.Default(SignalingOptions, options)),
        {
          logger: silentLogger,
        },
      );
      signaling.attach(server);
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/signal` };
  }
  if (message.tokens !== undefined) {
    const { cabins, calls } = message.tokens as { cabins: number; calls: number };
    const token = (role: 'cabin' | 'operator', n: number): string =>
      signaling?.joinToken({ liftId: `lift-${n}`, role, identity: `${role}-${n}`, name: role }) ?? '';
    const list = (role: 'cabin' | 'operator', count: number): string[] =>
      Array.from({ length: count }, (_, n) => token(role, n));
    return { tokens: [list('cabin', cabins), list('operator', calls)] };
  }
  globalThis.gc?.();
  return undefined;
}

process.on('message', async (message: { id: number } & Record<string, unknown>) => {
  process.send?.({ id: message.id, value: await answer(message) });
});
