import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gatewayOf, LIFTS, LIFTS_PER_GATEWAY, liftId, messageText, PASSWORD } from './messages.ts';

export interface Sender {
  /** Sends for `seconds` at `perSecond`, each lift in turn; how many were sent. */
  send(perSecond: number, seconds: number): Promise<number>;
  close(): void;
}

/** MQTT 3.1.1 by hand: a client library would take as much of the machine as what is measured. */
export async function openSender(port: number, lifts = LIFTS): Promise<Sender> {
  const gateways = Math.ceil(lifts / LIFTS_PER_GATEWAY);
  const sockets = await Promise.all(
    Array.from({ length: gateways }, (_, index) => openGateway(port, gatewayOf(index * LIFTS_PER_GATEWAY))),
  );
  let next = 0;
  const seqs = new Uint32Array(lifts);

  async function send(perSecond: number, seconds: number): Promise<number> {
    const started = performance.now();
    const total = perSecond * seconds;
    let sent = 0;
    while (sent < total) {
      const due = Math.min(total, ((performance.now() - started) / 1000) * perSecond);
      for (; sent < due; sent++) {
        // The gateways in turn, so that each gets its share of every moment.
        const lift =
          (next % gateways) * LIFTS_PER_GATEWAY + (Math.floor(next / gateways) % LIFTS_PER_GATEWAY);
        next++;
        const seq = (seqs[lift] ?? 0) + 1;
        seqs[lift] = seq;
        (sockets[Math.floor(lift / LIFTS_PER_GATEWAY)] as Socket).write(
          publish(lift, messageText(seq, Date.now())),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return sent;
  }
  return {
    send,
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function openGateway(port: number, user: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // Clean session, with user name and password; no keep-alive.
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xc2, 0, 0]);
  socket.write(packet(0x10, Buffer.concat([head, text(user), text(user), text(PASSWORD)])));
  const [connack] = (await once(socket, 'data')) as [Buffer];
  if (connack[3] !== 0) throw new Error(`the broker refuses ${user}: ${connack[3]}`);
  socket.resume();
  return socket;
}

const publish = (lift: number, payload: string): Buffer =>
  packet(0x30, Buffer.concat([text(`cabinwatch/${liftId(lift)}/state`), Buffer.from(payload)]));

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function packet(kind: number, body: Buffer): Buffer {
  const header = [kind];
  for (let rest = body.length; ; rest >>= 7) {
    header.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from(header), body]);
}
