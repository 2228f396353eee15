import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { Webhook } from 'standardwebhooks';

/** The least that could tell of a controller's fault: a broker whose publish handler posts a signed webhook. */
async function main([url = '', secret = '']: readonly string[]): Promise<void> {
  const broker = await Aedes.createBroker();
  const signer = new Webhook(secret);
  broker.on('publish', (packet, client) => {
    if (!client) return;
    const { id, door, speed } = JSON.parse(packet.payload.toString()) as {
      readonly id?: string;
      readonly door: string;
      readonly speed: number;
    };
    if (id !== undefined && door === 'open' && speed > 0.5) void tell(`bare/${id}`);
  });

  async function tell(id: string): Promise<void> {
    const body = JSON.stringify({ id });
    const sent = new Date();
    await fetch(url, {
      method: 'POST',
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sent.getTime() / 1000)),
        'webhook-signature': signer.sign(id, sent, body),
      },
      body,
    });
  }

  const server = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ port: (server.address() as AddressInfo).port });
  process.once('disconnect', () => process.exit());
}

await main(process.argv.slice(2));
