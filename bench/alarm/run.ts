import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { playClipControllers } from '../../app/index.ts';
import { createLogger } from '../../core/index.ts';
import { type AlarmReceiver, startAlarmReceiver } from '../../simulator/index.ts';
import { processTree } from '../pipeline/measure/process-cpu.ts';
import { startChild } from '../pipeline/processes/child.ts';
import type { SimulatorAnswer, SimulatorAsk } from '../pipeline/processes/simulator-process.ts';
import { type Faults, tellFaults } from './faults.ts';
import { ofBareRelay, ofControllers, ofPictures, type Spread, spread, toldAfter } from './figures.ts';
import { type BenchLifts, makeLifts } from './lifts.ts';
import { PASSWORD, type Service, startService } from './service.ts';

const { values } = parseArgs({
  options: { lifts: { type: 'string', default: '32' }, seconds: { type: 'string', default: '180' } },
});
const [count, seconds] = [Number(values.lifts), Number(values.seconds)];
const ONLINE_MS = 120_000;
/** The learnt empty cabin, and the first looks. */
const WARM_UP_MS = 15_000;
/** What was told last is on its way. */
const AFTERMATH_MS = 5000;

const say = (line = ''): void => console.log(line);

type Simulator = Awaited<ReturnType<typeof startChild<SimulatorAsk, SimulatorAnswer>>>;

async function startCameras({ clips, empty }: BenchLifts): Promise<{
  readonly simulator: Simulator;
  readonly urls: ReadonlyMap<string, string>;
  /** When each clip began, epoch ms, once all have. */
  begun(): Promise<ReadonlyMap<string, number>>;
}> {
  const simulator = await startChild<SimulatorAsk, SimulatorAnswer>('simulator-process.ts');
  const cameras = [...clips, ...empty].map(({ name, file }) => ({ name, file }));
  const { urls } = await simulator.ask({ kind: 'start', cameras });
  const byName = <T>(list: readonly T[]) => new Map(cameras.map(({ name }, i) => [name, list[i] as T]));
  return {
    simulator,
    urls: byName(urls),
    async begun() {
      for (const until = performance.now() + ONLINE_MS; ; await sleep(500)) {
        const { startedAt } = await simulator.ask({ kind: 'started' });
        if (startedAt.every((at) => at !== undefined)) return byName(startedAt as readonly number[]);
        if (performance.now() > until) throw new Error('not all cameras are watched');
      }
    },
  };
}

async function startBareRelay({
  url,
  secret,
}: AlarmReceiver): Promise<{ child: ChildProcess; port: number }> {
  const script = fileURLToPath(new URL('bare-relay.ts', import.meta.url));
  const child = fork(script, [url, secret], { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  return { child, port };
}

const judge = (target: string, isMet: boolean): void => say(`${isMet ? 'pass' : 'FAIL'}  ${target}`);

const total = (service: Service): number => processTree(service.pid).reduce((sum, { cpu }) => sum + cpu, 0);

function report(
  lifts: BenchLifts,
  begun: ReadonlyMap<string, number>,
  faults: Faults,
  {
    receiver,
    span,
    cores,
  }: { receiver: AlarmReceiver; span: { from: number; until: number }; cores: number },
): void {
  const { alarms } = receiver;
  const ours = ofControllers(faults.service, alarms);
  const bare = ofBareRelay(faults.bare, alarms);
  const row = (what: string, sent: number, { n, p50, p95, p99 }: Spread, unit: number): void => {
    const cell = (ms: number): string => (Number.isNaN(ms) ? '–' : (ms / unit).toFixed(unit === 1 ? 0 : 1));
    say(`| ${what} | ${n} of ${sent} | ${cell(p50)} | ${cell(p95)} | ${cell(p99)} |`);
  };
  const head = (title: string, unit: string): void => {
    say(`\n## ${title}\n\n| | alarms | p50 ${unit} | p95 ${unit} | p99 ${unit} |\n|---|---|---|---|---|`);
  };
  say(`# ${lifts.clips.length + lifts.empty.length} lifts with a camera each, ${seconds} s`);
  say(
    `\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; load ${loadavg()[0]?.toFixed(1)};`,
  );
  say(`the service and its ffmpegs took ${cores.toFixed(2)} cores`);

  head('A controller’s fault → the alarm at the receiver', 'ms');
  row('cabinwatch', faults.service.length, spread(ours), 1);
  row('bare relay', faults.bare.length, spread(bare), 1);

  head('A fault in the picture → the alarm at the receiver', 's');
  const pictures = lifts.clips.flatMap((clip) => ofPictures(clip, begun.get(clip.name) ?? 0, span, alarms));
  for (const kind of new Set(pictures.map((fault) => fault.kind))) {
    const of = pictures.filter((fault) => fault.kind === kind);
    row(`${kind}, first`, of.length, spread(of.flatMap(({ first }) => first ?? [])), 1000);
    row(`${kind}, confirmed`, of.length, spread(of.flatMap(({ confirmed }) => confirmed ?? [])), 1000);
  }

  head('Every alarm: the time it gives → the receiver', 'ms');
  const told = toldAfter(alarms);
  row('all kinds', told.length, spread(told), 1);

  const entrapments = pictures.filter(({ kind }) => kind === 'entrapment');
  const slowest = Math.max(...entrapments.map(({ confirmed = Number.POSITIVE_INFINITY }) => confirmed));
  say();
  judge('an entrapment between floors is confirmed and told within 30 + 2 s', slowest <= 32_000);
  judge('every alarm is out within 2 s, p99', spread(told).p99 <= 2000);
  judge('every fault of a controller is told', ours.length === faults.service.length);
}

async function main(): Promise<void> {
  const lifts = await makeLifts(count);
  const receiver = await startAlarmReceiver();
  const relay = await startBareRelay(receiver);
  const { simulator, urls, begun } = await startCameras(lifts);
  const service = await startService(lifts, (name) => urls.get(name) as string, receiver);
  const stop = new AbortController();
  try {
    const startedAt = await begun();
    const speaking = playClipControllers(lifts.clips, {
      simulator: { status: (name) => ({ startedAt: startedAt.get(name) }) },
      mqttPort: service.mqttPort,
      password: PASSWORD,
      loop: true,
      signal: stop.signal,
      logger: createLogger({ level: 'error' }),
    });
    await sleep(WARM_UP_MS);
    const [from, cpu] = [Date.now(), total(service)];
    const names = lifts.empty.map(({ name }) => name);
    const faults = await tellFaults({
      lifts: names,
      mqttPort: service.mqttPort,
      barePort: relay.port,
      seconds,
    });
    const until = Date.now();
    const cores = (total(service) - cpu) / ((until - from) / 1000);
    await sleep(AFTERMATH_MS);
    stop.abort();
    await speaking;
    report(lifts, startedAt, faults, { receiver, span: { from, until }, cores });
  } finally {
    stop.abort();
    await service.close();
    await simulator.close();
    relay.child.kill('SIGKILL');
    await receiver.close();
  }
}

await main();
process.exit(0);
