import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { AlarmMessage } from '../../core/index.ts';

export interface ReceivedAlarm {
  readonly message: AlarmMessage;
  /** When it was here, epoch ms. */
  readonly receivedAt: number;
}

export interface AlarmReceiver {
  /** Where to post to. */
  readonly url: string;
  /** What messages must be signed with. */
  readonly secret: string;
  /** Each message once, in the order of arrival. */
  readonly alarms: readonly ReceivedAlarm[];
  /** Messages that were turned away: not signed, or signed with something else. */
  readonly refused: number;
  close(): Promise<void>;
}

/**
 * An emergency centre's end of the line, for the demo and the tests: takes messages over HTTP on this machine, checks their
 * signature as Standard Webhooks say, and answers 204 only for what it has. A message that comes twice counts once.
 */
export async function startAlarmReceiver(onAlarm?: (alarm: ReceivedAlarm) => void): Promise<AlarmReceiver> {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const webhook = new Webhook(secret);
  const alarms = new Map<string, ReceivedAlarm>();
  let refused = 0;

  async function take(request: IncomingMessage): Promise<number> {
    const body = await text(request);
    try {
      const message = webhook.verify(body, request.headers as Record<string, string>) as AlarmMessage;
      if (alarms.has(message.id)) return 204;
      const alarm = { message, receivedAt: Date.now() };
      alarms.set(message.id, alarm);
      onAlarm?.(alarm);
      return 204;
    } catch {
      refused++;
      return 401;
    }
  }

  const server = createServer((request, response) => {
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alarms`,
    secret,
    get alarms() {
      return [...alarms.values()];
    },
    get refused() {
      return refused;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
