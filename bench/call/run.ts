import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { processTree } from '../pipeline/measure/process-cpu.ts';
import { percentile } from '../pipeline/measure/statistics.ts';
import { startCamera } from './camera.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
});
const CALLS = Number(values.calls);
const SECONDS = Number(values.seconds);
const ROUNDS = Number(values.rounds);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const start = (file: string, ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ['--import', 'tsx'] });
const next = async <T>(child: ChildProcess): Promise<T> => (await once(child, 'message'))[0] as T;
async function ask<T>(child: ChildProcess, question: string): Promise<T> {
  const answer = next<T>(child);
  child.send(question);
  return answer;
}

interface Cost {
  /** Of a core. */
  readonly node: number;
  readonly ffmpeg: number;
}

/** Processor time of the tree that a process is the root of, over a while. */
async function costOf(child: ChildProcess, seconds: number): Promise<Cost> {
  const [before, from] = [times(child.pid!), performance.now()];
  await pause(seconds * 1000);
  const [after, took] = [times(child.pid!), (performance.now() - from) / 1000];
  return { node: (after.node - before.node) / took, ffmpeg: (after.ffmpeg - before.ffmpeg) / took };
}

function times(root: number): Cost {
  const sum = { node: 0, ffmpeg: 0 };
  for (const { name, cpu } of processTree(root)) sum[name === 'ffmpeg' ? 'ffmpeg' : 'node'] += cpu;
  return sum;
}

/**
 * The least that could do it: one ffmpeg that reads the camera, decodes, and encodes VP8 and Opus as for a call, at the bit rate that
 * the call had, into nothing.
 */
function startBare(url: string, bitsPerSecond: number): ChildProcess {
  const input = ['-v', 'error', '-rtsp_transport', 'tcp', '-threads', '1', '-i', url];
  const vp8 = [
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '-6',
    '-threads',
    '1',
    '-lag-in-frames',
    '0',
  ];
  const rate = ['-b:v', String(Math.round(bitsPerSecond)), '-error-resilient', '1'];
  const opus = ['-c:a', 'libopus', '-ar', '48000', '-b:a', '32k', '-application', 'voip'];
  return spawn('ffmpeg', [...input, ...vp8, ...rate, ...opus, '-f', 'null', '-'], { stdio: 'inherit' });
}

const camera = await startCamera();
const service = start('service.ts', camera.url);
const address = await next<string>(service);
const operator = start('operator.ts', address, await ask<string>(service, 'token'));
const load = loadavg().map((one) => one.toFixed(1));

const clicks: number[] = [];
for (let n = 0; n < CALLS; n += 1) {
  clicks.push(await ask<number>(operator, 'call'));
  await pause(500);
  await ask(operator, 'hang-up');
}
clicks.sort((a, b) => a - b);

interface Stats {
  readonly heard: boolean;
  readonly framesDecoded: number;
  readonly bytesReceived: number;
}
const rounds: { call: Cost; bare: number; fps: number; kbit: number; heard: boolean }[] = [];
for (let n = 0; n < ROUNDS; n += 1) {
  const idle = await costOf(service, SECONDS / 2);
  await ask(operator, 'call');
  // The encoder has found its rate by then.
  await pause(8000);
  const before = await ask<Stats>(operator, 'stats');
  const busy = await costOf(service, SECONDS);
  const after = await ask<Stats>(operator, 'stats');
  await ask(operator, 'hang-up');
  const bits = (8 * (after.bytesReceived - before.bytesReceived)) / SECONDS;
  const bare = startBare(camera.url, bits);
  await pause(3000);
  const alone = await costOf(bare, SECONDS);
  bare.kill();
  await once(bare, 'exit');
  rounds.push({
    call: { node: busy.node - idle.node, ffmpeg: busy.ffmpeg - idle.ffmpeg },
    bare: alone.ffmpeg + alone.node,
    fps: (after.framesDecoded - before.framesDecoded) / SECONDS,
    kbit: bits / 1000,
    heard: after.heard,
  });
}

console.log(
  `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}, load before: ${load.join(' ')}\n`,
);
console.log(
  `click → first picture, ${CALLS} calls: p50 ${percentile(clicks, 0.5)?.toFixed(0)} ms, ` +
    `p95 ${percentile(clicks, 0.95)?.toFixed(0)} ms, worst ${clicks.at(-1)?.toFixed(0)} ms\n`,
);
console.log(
  '| round | a call, of a core | its node | its ffmpegs | bare ffmpeg | ratio | pictures a second | kbit/s | heard |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
rounds.forEach(({ call, bare, fps, kbit, heard }, n) => {
  const all = call.node + call.ffmpeg;
  const cells = [all, call.node, call.ffmpeg, bare].map((one) => one.toFixed(3));
  console.log(
    `| ${n + 1} | ${cells.join(' | ')} | ${(all / bare).toFixed(2)} | ${fps.toFixed(1)} | ${kbit.toFixed(0)} | ${heard} |`,
  );
});
operator.kill();
service.kill();
await camera.close();
process.exit();
