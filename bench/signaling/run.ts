import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** How many cabins does one process hold, and how long is a message on its way? See README.md. */
const { values } = parseArgs({
  options: {
    cabins: { type: 'string', default: '5000' },
    calls: { type: 'string', default: '200' },
    json: { type: 'string' },
  },
});
const cabins = Number(values.cabins);
const calls = Number(values.calls);

interface Started {
  readonly child: ChildProcess;
  ask<T>(question: object): Promise<T>;
}

function start(file: string): Started {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  let asked = 0;
  return {
    child,
    ask<T>(question: object): Promise<T> {
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        const hear = (answer: { id: number; value: T }): void => {
          if (answer.id !== id) return;
          child.off('message', hear);
          resolve(answer.value);
        };
        child.on('message', hear);
        child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
        child.send({ id, ...question });
      });
    },
  };
}

/** Memory that is the process's alone, MB, and its processor time, s. */
function use(pid: number): { memory: number; cpu: number } {
  const memory = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return { memory, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
}

interface Relayed {
  readonly p50: number;
  readonly p95: number;
  readonly perSecond: number;
}

export interface SideResult {
  readonly connectMs: number;
  readonly memoryPerCabinKb: number;
  readonly idleCpuShare: number;
  /** Setting up all calls at once: from `call` to the cabin's answer having come back, ms. */
  readonly setUp: { readonly p50: number; readonly p95: number } | undefined;
  readonly relay: Relayed;
}

async function measure(kind: 'signaling' | 'bare'): Promise<SideResult> {
  const server = start('./server.ts');
  const load = start('./load.ts');
  try {
    const { url } = await server.ask<{ url: string }>({ start: kind });
    await server.ask({ collect: true });
    const before = use(server.child.pid!);
    const { tokens } = await server.ask<{ tokens: readonly [string, string[]] }>({
      tokens: { cabins, calls },
    });
    const connectMs = await load.ask<number>({ connect: { kind, url, cabins, calls, tokens } });
    await server.ask({ collect: true });
    const idleFrom = use(server.child.pid!);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const idleTo = use(server.child.pid!);
    const { setUp, relay } = await load.ask<Pick<SideResult, 'setUp' | 'relay'>>({ calls: { kind } });
    return {
      connectMs,
      memoryPerCabinKb: ((idleFrom.memory - before.memory) * 1024) / (cabins + calls),
      idleCpuShare: (idleTo.cpu - idleFrom.cpu) / 10,
      setUp,
      relay,
    };
  } finally {
    server.child.kill();
    load.child.kill();
  }
}

if (!existsSync('/proc/self/smaps_rollup')) throw new Error('This bench reads /proc and runs on Linux only.');
const bare = await measure('bare');
const signaling = await measure('signaling');
const result = { cabins, calls, bare, signaling };
if (values.json) writeFileSync(values.json, JSON.stringify(result, null, 2));

const row = (what: string, of: (side: SideResult) => number, unit: string): string =>
  `| ${what} | ${of(signaling).toFixed(2)} ${unit} | ${of(bare).toFixed(2)} ${unit} | ${(of(signaling) / of(bare)).toFixed(2)} |`;
console.log(
  [
    `${cabins} cabins connected, ${calls} calls set up at once; then ${calls} × 100 messages of 1.2 kB relayed.`,
    '',
    '| | signaling | bare ws relay | ratio |',
    '|---|---|---|---|',
    row('all connected after', (side) => side.connectMs / 1000, 's'),
    row('memory a connection', (side) => side.memoryPerCabinKb, 'kB'),
    row('processor while idle, share of a core', (side) => side.idleCpuShare, ''),
    row('relay, p50', (side) => side.relay.p50, 'ms'),
    row('relay, p95', (side) => side.relay.p95, 'ms'),
    row('relayed a second', (side) => side.relay.perSecond, ''),
    `| call set up, p50 / p95 | ${signaling.setUp?.p50.toFixed(1)} / ${signaling.setUp?.p95.toFixed(1)} ms | – | – |`,
  ].join('\n'),
);
