import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import ort from 'onnxruntime-node';
import { DEFAULT_MODELS_DIR, DEFAULT_VISION_MODELS } from '../../../inference/index.ts';
import { modelFiles } from '../../../models/index.ts';
import { PICTURE } from '../footage/time-mark.ts';
import { MODEL_RUNS, type ModelRun, type ModelRuns } from '../measure/model-runs.ts';
import { serve } from './child.ts';

export type OnnxAsk =
  /** Loads the models, and pictures of the clips to run them on. */
  | {
      readonly kind: 'start';
      readonly clips: readonly string[];
      readonly detector: string;
      readonly quickDetector: string;
    }
  /** So many runs of each, spread evenly over the time. */
  | { readonly kind: 'run'; readonly runs: ModelRuns; readonly seconds: number };

/** Processor time that the runs took, s. */
export type OnnxAnswer = { readonly cpu: number; readonly seconds: number };

/** The middle of what the pipeline's own four corner crops cover. */
const REGIONS: Readonly<Record<ModelRun, readonly number[]>> = {
  detect: [0, 0, 1, 1],
  crop: [0.19, 0.19, 0.81, 0.81],
  quick: [0, 0, 1, 1],
  quickCrop: [0.19, 0.19, 0.81, 0.81],
  pose: [0, 0, 1, 1],
};
const SIZES: Readonly<Record<ModelRun, bigint>> = {
  detect: 416n,
  crop: 416n,
  quick: 416n,
  quickCrop: 416n,
  pose: 256n,
};
const THRESHOLD = 0.1;

const sessions = {} as Record<ModelRun, ort.InferenceSession>;
const pictures: Uint8Array[] = [];

async function start(clips: readonly string[], detector: string, quickDetector: string): Promise<void> {
  const open = (id: string): Promise<ort.InferenceSession> =>
    ort.InferenceSession.create(modelFiles(DEFAULT_MODELS_DIR, id).model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  sessions.detect = await open(detector);
  sessions.crop = sessions.detect;
  sessions.quick = await open(quickDetector);
  sessions.quickCrop = sessions.quick;
  sessions.pose = await open(DEFAULT_VISION_MODELS.pose);
  for (const clip of clips) pictures.push(...(await picturesOf(clip)));
  for (const kind of [...MODEL_RUNS, ...MODEL_RUNS]) await runOnce(kind, 0);
}

/** One picture each two seconds. */
async function picturesOf(clip: string): Promise<Uint8Array[]> {
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-i',
    clip,
    '-vf',
    'fps=0.5',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    'pipe:1',
  ];
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  for await (const chunk of ffmpeg.stdout) chunks.push(chunk as Buffer);
  const all = Buffer.concat(chunks);
  const bytes = PICTURE.width * PICTURE.height * 3;
  return Array.from({ length: Math.floor(all.length / bytes) }, (_, i) =>
    Uint8Array.from(all.subarray(i * bytes, (i + 1) * bytes)),
  );
}

async function runOnce(kind: ModelRun, count: number): Promise<void> {
  const size = SIZES[kind];
  await sessions[kind].run({
    image: new ort.Tensor('uint8', pictures[count % pictures.length]!, [1, PICTURE.height, PICTURE.width, 3]),
    region: new ort.Tensor('float32', Float32Array.from(REGIONS[kind]), [4]),
    score_threshold: new ort.Tensor('float32', Float32Array.of(THRESHOLD), [1]),
    size: new ort.Tensor('int64', BigInt64Array.of(size, size), [2]),
  });
}

async function run(runs: ModelRuns, seconds: number): Promise<OnnxAnswer> {
  const due = MODEL_RUNS.flatMap((kind) =>
    Array.from({ length: runs[kind] }, (_, i) => ({ kind, at: ((i + 0.5) / runs[kind]) * seconds * 1000 })),
  ).sort((a, b) => a.at - b.at);
  const begin = performance.now();
  const cpu = process.cpuUsage();
  for (const [count, { kind, at }] of due.entries()) {
    const early = at - (performance.now() - begin);
    if (early > 1) await sleep(early);
    await runOnce(kind, count);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1e6, seconds: (performance.now() - begin) / 1000 };
}

serve<OnnxAsk, OnnxAnswer>(
  async (ask) => {
    if (ask.kind === 'run') return run(ask.runs, ask.seconds);
    await start(ask.clips, ask.detector, ask.quickDetector);
    return { cpu: 0, seconds: 0 };
  },
  async () => {},
);
