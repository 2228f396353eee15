import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PICTURE } from '../footage/time-mark.ts';
import { type ModelRuns, runsOf } from '../measure/model-runs.ts';
import { type ProcStat, processTree } from '../measure/process-cpu.ts';
import { startChild } from '../processes/child.ts';
import type { OnnxAnswer, OnnxAsk } from '../processes/onnx-process.ts';
import type { SimulatorAnswer, SimulatorAsk } from '../processes/simulator-process.ts';
import type { Cabin } from './cabins.ts';
import { total, type Window } from './pipeline-side.ts';

export interface BareLoad {
  readonly fps: number;
  /** Processes that run models. */
  readonly workers: number;
  readonly detector: string;
  readonly quickDetector: string;
  /** Model runs in one window. */
  readonly runs: ModelRuns;
}

export interface BareFigures {
  readonly seconds: number;
  /** Processor time of the ffmpegs and what reads them, s. */
  readonly decode: number;
  /** Processor time of the model runs, s. */
  readonly onnx: number;
}

/**
 * The least that the same work takes: an ffmpeg a camera that decodes and scales as the pipeline does, read by `cat`
 * into /dev/null; and onnxruntime alone, as many runs of each model, spread over the window.
 */
export async function measureBare(
  cabins: readonly Cabin[],
  load: BareLoad,
  window: Window,
): Promise<BareFigures> {
  const simulator = await startChild<SimulatorAsk, SimulatorAnswer>('./simulator-process.ts');
  const runners = await Promise.all(
    Array.from({ length: load.workers }, () => startChild<OnnxAsk, OnnxAnswer>('./onnx-process.ts')),
  );
  let decoders: ChildProcess[] = [];
  try {
    const cameras = cabins.map(({ id, clip }) => ({ name: id, file: clip.file }));
    const { urls } = await simulator.ask({ kind: 'start', cameras });
    const clips = [...new Set(cabins.map((cabin) => cabin.clip.file))];
    const { detector, quickDetector } = load;
    await Promise.all(runners.map((runner) => runner.ask({ kind: 'start', clips, detector, quickDetector })));
    decoders = urls.map((url) => startDecoder(url, load.fps));
    await sleep(3000 + window.warmup * 1000);

    const begin = performance.now();
    const before = decoderTime();
    const runs = runners.map((runner, i) =>
      runner.ask({ kind: 'run', runs: share(load.runs, i, load.workers), seconds: window.seconds }),
    );
    await sleep(window.seconds * 1000);
    const decode = decoderTime() - before;
    const seconds = (performance.now() - begin) / 1000;
    const answers = await Promise.all(runs);
    return { seconds, decode, onnx: answers.reduce((sum, a) => sum + a.cpu, 0) };
  } finally {
    for (const { pid } of decoderProcesses()) process.kill(pid);
    await Promise.all(decoders.map((shell) => shell.exitCode === null && once(shell, 'exit')));
    await Promise.all([...runners, simulator].map((child) => child.close()));
  }
}

function startDecoder(url: string, fps: number): ChildProcess {
  const filter = `fps=${fps},scale=${PICTURE.width}:${PICTURE.height}:flags=bilinear`;
  const command = `ffmpeg -v error -nostdin -rtsp_transport tcp -threads 1 -i '${url}' -an -vf '${filter}' -f rawvideo -pix_fmt rgb24 pipe:1 | cat >/dev/null`;
  return spawn('sh', ['-c', command], { stdio: 'ignore' });
}

/** All ffmpegs and cats that this process has running. */
const decoderProcesses = (): ProcStat[] =>
  processTree(process.pid).filter(({ name }) => name === 'ffmpeg' || name === 'cat');

const decoderTime = (): number => total(decoderProcesses());

/** The i-th of n parts of the runs; the parts add up. */
function share(runs: BareLoad['runs'], i: number, n: number): BareLoad['runs'] {
  const part = (count: number): number => Math.floor(((i + 1) * count) / n) - Math.floor((i * count) / n);
  return runsOf((kind) => part(runs[kind]));
}
