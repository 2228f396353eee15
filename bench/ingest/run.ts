import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import { measureInMemory } from './in-memory.ts';
import type { IngestReport, IngestSettings } from './ingest-process.ts';
import { CITY_PER_SECOND } from './messages.ts';
import { startMosquitto } from './mosquitto.ts';
import { openSender } from './sender.ts';

const STEP_SECONDS = 6;
const RATES = [1000, 2000, 4000, 7000, 10_000, 14_000];
const P99_MS = 200;

interface Ingest {
  readonly port: number | undefined;
  report(): Promise<IngestReport>;
  end(): void;
}

async function startIngest(settings: IngestSettings): Promise<Ingest> {
  const script = fileURLToPath(new URL('ingest-process.ts', import.meta.url));
  const child: ChildProcess = fork(script, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(child, 'message')) as [{ port?: number }];
  return {
    port,
    async report() {
      child.send('report');
      const [report] = (await once(child, 'message')) as [IngestReport];
      return report;
    },
    end: () => void child.kill('SIGKILL'),
  };
}

const say = (line = ''): void => console.log(line);
const ms = (value: number): string => (Number.isNaN(value) ? '–' : `${value}`);
const load = (): string => loadavg()[0]?.toFixed(1) ?? '?';

/** One step: sends at a rate, waits for what is on its way, and says what arrived. */
async function step(processes: readonly Ingest[], perSecond: number, sender: Sender): Promise<boolean> {
  await Promise.all(processes.map((one) => one.report()));
  const sent = await sender.send(perSecond, STEP_SECONDS);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const reports = await Promise.all(processes.map((one) => one.report()));
  const accepted = reports.reduce((sum, { accepted }) => sum + accepted, 0);
  const cells = reports.map(
    (r) =>
      `${Math.round(r.accepted / STEP_SECONDS)}/s, p50 ${ms(r.p50)} ms, p99 ${ms(r.p99)} ms, ${Math.round((1e6 * r.cpuSeconds) / r.accepted)} µs of processor a message, ${r.liftsHeard} lifts`,
  );
  say(`| ${perSecond} | ${((100 * accepted) / sent).toFixed(1)} % | ${cells.join(' · ')} | ${load()} |`);
  return accepted >= sent * 0.999 && reports.every((r) => r.p99 <= P99_MS);
}
type Sender = Awaited<ReturnType<typeof openSender>>;

async function sweep(title: string, processes: readonly Ingest[], port: number): Promise<void> {
  say(`\n## ${title}\n`);
  say('| sent a second | arrived | each process | load of the machine |');
  say('|---|---|---|---|');
  const sender = await openSender(port);
  let most = 0;
  for (const rate of RATES) {
    if (!(await step(processes, rate, sender))) break;
    most = rate;
  }
  sender.close();
  say(
    `\nSustained with p99 ≤ ${P99_MS} ms: ${most}/s, ${((100 * most) / CITY_PER_SECOND).toFixed(0)} % of the city.`,
  );
}

const PARTS = ['memory', 'built-in', 'divided', 'shared'] as const;
const wanted = process.argv.length > 2 ? process.argv.slice(2) : PARTS;

if (wanted.includes('memory')) {
  say('## In memory: text to car state, beside JSON.parse and Map.set\n');
  const memory = measureInMemory();
  say(
    `car state: ${Math.round(memory.ours)} messages/s of one core, ${Math.round(memory.oursPerLift)} bytes a lift`,
  );
  say(
    `bare:      ${Math.round(memory.bare)} messages/s of one core, ${Math.round(memory.barePerLift)} bytes a lift`,
  );
  say(`ratio:     ${(memory.bare / memory.ours).toFixed(2)} in time`);
}

if (wanted.includes('built-in')) {
  const alone = await startIngest({});
  await sweep('One process with the built-in broker, 70 gateways', [alone], alone.port as number);
  alone.end();
}

for (const [part, title, settings] of [
  [
    'divided',
    'Two processes, lifts divided between them, mosquitto',
    (index: number) => ({ part: { index, of: 2 } }),
  ],
  ['shared', 'Two processes sharing by $share/city, mosquitto', () => ({ group: 'city' })],
] as const) {
  if (!wanted.includes(part)) continue;
  const broker = await startMosquitto();
  const both = await Promise.all([0, 1].map((index) => startIngest({ url: broker.url, ...settings(index) })));
  await sweep(title, both, broker.port);
  for (const one of both) one.end();
  await broker.close();
}
process.exit(0);
