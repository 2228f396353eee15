import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedChange } from '../../core/index.ts';
import { type AlarmReceiver, startAlarmReceiver } from '../../simulator/index.ts';
import { type FaultProxy, startFaultProxy } from '../fixtures/fault-proxy.ts';
import { type ServeProcess, serveProcess } from '../fixtures/serve-process.ts';
import { until } from '../fixtures/until.ts';
import { seededRandom } from '../integration/storage/crash.ts';
import { freePort } from '../integration/storage/programs.ts';

const LIFTS = Array.from({ length: 30 }, (_, i) => `lift-${i + 1}`);
const PASSWORD = 'of-the-gateway';
const KILLS = 2;
/** Changes that are shown in each round before the receiver goes away, and then before the service is killed. */
const SHOWN = 50;

let folder: string;
let receiver: AlarmReceiver;
/** The way to the receiver. */
let line: FaultProxy;
let mqttPort: number;
let service: ServeProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-killed-'));
  receiver = await startAlarmReceiver();
  line = await startFaultProxy(Number(new URL(receiver.url).port));
  mqttPort = await freePort();
});
afterAll(async () => {
  service?.child.kill('SIGKILL');
  await service?.exit;
  await line.close();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<string> {
  const url = receiver.url.replace(/:\d+/, `:${line.port}`);
  service = await serveProcess(folder, {
    lifts: LIFTS.map((id) => ({
      id,
      camera: { publishKey: 'nobody-publishes' },
      controller: { user: 'gateway', password: PASSWORD },
    })),
    api: { port: 0, open: 'this-machine' },
    media: { rtmpPort: 0, httpPort: 0 },
    controllers: { port: mqttPort },
    // A dangerous ride is over as soon as it is seen to be, and the next one is another incident.
    incidents: { motion: { overSeconds: 0, reopenSeconds: 0 } },
    alarms: {
      webhooks: [{ name: 'centre', url, secrets: [receiver.secret] }],
      dispatch: { firstRetry: 0.1, maxRetry: 0.5 },
    },
  });
  return service.up();
}

/** All lifts, over and over: half a second with the door open at speed, then 1.5 s that are safe. */
async function burden(): Promise<{ stop(): void }> {
  const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`, {
    username: 'gateway',
    password: PASSWORD,
    reconnectPeriod: 0,
  });
  client.on('error', () => {});
  let step = 0;
  const timer = setInterval(() => {
    for (const [i, lift] of LIFTS.entries()) {
      const dangerous = (step + i) % 8 < 2;
      const said = { door: dangerous ? 'open' : 'closed', speed: dangerous ? 1 : 0, doorZone: !dangerous };
      client.publish(`cabinwatch/${lift}/state`, JSON.stringify({ ts: Date.now(), ...said }));
    }
    step++;
  }, 250);
  return {
    stop() {
      clearInterval(timer);
      client.end(true);
    },
  };
}

interface Watching {
  /** What the stream has shown, whole events only. */
  readonly shown: RecordedChange[];
  readonly request: ClientRequest;
}

/** What an operator's page is shown, from change `after` on. */
function watch(url: string, after: number): Watching {
  const shown: RecordedChange[] = [];
  const headers = { 'last-event-id': String(after) };
  const request = get(`${url}/api/incidents/stream`, { headers, agent: false }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^event: incident\ndata: (.*)$/m.exec(block)?.[1];
        if (data) shown.push(JSON.parse(data) as RecordedChange);
      }
    });
    // Broken off by the kill: what was shown until then counts.
    answer.on('error', () => {});
  });
  request.on('error', () => {});
  return { shown, request };
}

const idOf = ({ incident }: RecordedChange): string => `${incident.id}/${incident.version}`;

test('killed under load, the whole service delivers every change that it had shown, under the same id', async () => {
  const random = seededRandom(4);
  const shown: RecordedChange[] = [];
  let behind = 0;
  for (let round = 0; round < KILLS; round++) {
    await line.mode('pass');
    const url = await start();
    const watching = watch(url, shown.at(-1)?.seq ?? 0);
    const load = await burden();
    await until(() => watching.shown.length >= SHOWN);
    await line.mode('refuse');
    await until(() => watching.shown.length >= 2 * SHOWN);
    await sleep(random() * 300);
    service?.child.kill('SIGKILL');
    await service?.exit;
    load.stop();
    shown.push(...watching.shown);
    const told = new Set(receiver.alarms.map(({ message }) => message.id));
    behind += watching.shown.filter((change) => !told.has(idOf(change))).length;
  }
  expect(behind, 'shown and not yet told: what is at stake').toBeGreaterThan(0);

  await line.mode('pass');
  const url = await start();
  const watching = watch(url, 0);
  await until(() => {
    const told = new Set(receiver.alarms.map(({ message }) => message.id));
    return shown.every((change) => told.has(idOf(change)));
  });
  await until(() => watching.shown.length >= shown.length);
  watching.request.destroy();

  // The numbers and ids under which they were shown are theirs for good, and nothing is missing in between.
  const bySeq = new Map(watching.shown.map((change) => [change.seq, idOf(change)]));
  expect(shown.filter((change) => bySeq.get(change.seq) !== idOf(change))).toEqual([]);
  expect(watching.shown.map(({ seq }) => seq)).toEqual(watching.shown.map((_, i) => i + 1));
  expectEachSituationOnce(watching.shown);
  expectInOrder();
  expect(receiver.refused).toBe(0);
  const incidents = new Set(shown.map(({ incident }) => incident.id));
  console.log(`serve killed ${KILLS} times: ${shown.length} changes shown, ${behind} of them not yet told`);
  expect(incidents.size).toBeGreaterThan(LIFTS.length);
}, 120_000);

/** Across the kills, too, an incident goes on as what it was, and no lift has two open for one situation. */
function expectEachSituationOnce(changes: readonly RecordedChange[]): void {
  const open = new Map<string, string>();
  const versions = new Map<string, number>();
  for (const { incident } of changes) {
    const { id, liftId, kind, phase, version } = incident;
    expect(version).toBe((versions.get(id) ?? 0) + 1);
    versions.set(id, version);
    const situation = `${liftId} ${kind}`;
    expect(open.get(situation) ?? id).toBe(id);
    if (phase === 'closed') open.delete(situation);
    else open.set(situation, id);
  }
}

/** At the receiver the changes of each lift arrive for the first time in the order in which they were recorded. */
function expectInOrder(): void {
  const last = new Map<string, number>();
  for (const { message } of receiver.alarms) {
    const { liftId, id, version } = message.data.incident;
    expect(version, `${message.id} of ${liftId}`).toBe((last.get(id) ?? 0) + 1);
    last.set(id, version);
  }
}
