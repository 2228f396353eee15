import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { PASSWORD } from './service.ts';

/** A message by which a fault was told, and when it was handed to the socket, epoch ms. */
export interface Fault {
  /** The lift's name at the service; the message's id at the bare relay. */
  readonly who: string;
  readonly at: number;
}

export interface Faults {
  readonly service: readonly Fault[];
  readonly bare: readonly Fault[];
}

export interface FaultOptions {
  readonly lifts: readonly string[];
  readonly mqttPort: number;
  readonly barePort: number;
  readonly seconds: number;
}

/** Messages of one round, a second apart: two with the door open at speed, the rest ordinary. */
export const ROUND = 8;
const DANGEROUS = 2;

/** The controllers of the empty cabins; each beat is followed half a second later by the same for the bare relay. */
export async function tellFaults({ lifts, mqttPort, barePort, seconds }: FaultOptions): Promise<Faults> {
  const clients = await Promise.all(
    lifts.map((username) => connectAsync(`mqtt://127.0.0.1:${mqttPort}`, { username, password: PASSWORD })),
  );
  const bareClient = await connectAsync(`mqtt://127.0.0.1:${barePort}`);
  const faults: { service: Fault[]; bare: Fault[] } = { service: [], bare: [] };
  // Each lift at a moment of its own.
  await Promise.all(
    lifts.map(async (lift, i) => {
      await sleep((i * 1000 * ROUND) / lifts.length);
      for (let beat = 0; beat < seconds; beat++) {
        const step = beat % ROUND;
        const dangerous = beat >= ROUND && step < DANGEROUS;
        const isFirst = dangerous && step === 0;
        const said = { door: dangerous ? 'open' : 'closed', speed: dangerous ? 1 : 0, doorZone: !dangerous };
        const at = send(clients[i] as MqttClient, `cabinwatch/${lift}/state`, said);
        if (isFirst) faults.service.push({ who: lift, at });
        await sleep(500);
        if (isFirst) {
          const id = `${lift}-${beat}`;
          faults.bare.push({ who: id, at: send(bareClient, `bare/${lift}`, { ...said, id }) });
        }
        await sleep(500);
      }
    }),
  );
  await Promise.all([...clients, bareClient].map((client) => client.endAsync()));
  return faults;
}

function send(client: MqttClient, topic: string, said: object): number {
  const at = Date.now();
  client.publish(topic, JSON.stringify({ ts: at, ...said }));
  return at;
}
