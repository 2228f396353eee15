import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { createLogger, type Frame, type FrameSource } from '../../../core/index.ts';
import {
  createCabinPipeline,
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  createScheduler,
  DEFAULT_VISION_MODELS,
  type InferenceEngine,
  inferenceOptions,
  type LaneStats,
  type Scheduler,
  type Watch,
} from '../../../inference/index.ts';
import { type Camera, createCamera, createMediaServer, type MediaServer } from '../../../streams/index.ts';
import { readMark } from '../footage/time-mark.ts';
import { type ModelRuns, runsOf } from '../measure/model-runs.ts';
import { openFiles, threadTimes } from '../measure/process-cpu.ts';
import { serve } from './child.ts';

export interface PipelineSettings {
  /** Looks a second at an active cabin, and pictures a second asked of each camera. */
  readonly fps: number;
  /** Threads that run models, and looks in flight at once. */
  readonly workers: number;
  readonly detector: string;
  readonly quickDetector: string;
}

export interface CameraAddress {
  readonly id: string;
  readonly url: string;
}

export type PipelineAsk =
  | { readonly kind: 'start'; readonly settings: PipelineSettings }
  | { readonly kind: 'watch'; readonly camera: CameraAddress }
  | { readonly kind: 'leave'; readonly id: string }
  /** A window of measurement begins. */
  | { readonly kind: 'begin'; readonly profile?: string | undefined }
  /** `gc`: with the heap as it is after a collection. */
  | { readonly kind: 'report'; readonly gc?: boolean };

/** One look: when its behaviours had been told, the frame's own time, and the clip's picture that it shows. */
export interface LookRecord {
  readonly id: string;
  readonly answeredAt: number;
  readonly frameTs: number;
  readonly mark: number | undefined;
}

export interface PipelineReport {
  readonly runs: ModelRuns;
  readonly lanes: readonly Pick<LaneStats, 'liftId' | 'frames' | 'looked' | 'skipped' | 'idle' | 'errors'>[];
  readonly looks: readonly LookRecord[];
  /** Frames that waited for their turn, sampled four times a second. */
  readonly waiting: readonly number[];
  readonly loopDelayMs: { readonly p50: number; readonly p99: number };
  /** Processor time so far, s, by what the threads do. */
  readonly threads: {
    readonly main: number;
    readonly media: number;
    readonly inference: number;
    readonly other: number;
  };
  readonly memory: { readonly heap: number; readonly external: number };
  readonly openFiles: number;
  readonly online: number;
  /** Pictures that nobody took in time. */
  readonly dropped: number;
  readonly behaviours: number;
}

const threadGroups = { media: new Set<number>(), inference: new Set<number>() };
const watches = new Map<string, { camera: Camera; watch: Watch; marks: Map<number, number> }>();
const runs = runsOf(() => 0);
let settings: PipelineSettings;
let engine: InferenceEngine;
let scheduler: Scheduler;
let media: MediaServer | undefined;
let pipelineFor: (liftId: string) => ReturnType<typeof createCabinPipeline>;
let before: readonly LaneStats[] = [];
let looks: LookRecord[] = [];
let waiting: number[] = [];
let behaviours = 0;
let delay: IntervalHistogram;
let sampler: NodeJS.Timeout;

async function start(chosen: PipelineSettings): Promise<void> {
  settings = chosen;
  const logger = createLogger({ level: 'error' });
  media = await inNewThreads('media', () => createMediaServer({ rtmpPort: 0, httpPort: 0 }, { logger }));
  engine = counted(createInferenceEngine({ workers: settings.workers }));
  const [detector, quickDetector, pose] = await inNewThreads('inference', () =>
    Promise.all([
      createDetector({ model: settings.detector }, { engine }),
      createDetector({ model: settings.quickDetector }, { engine }),
      createPoseEstimator({ model: DEFAULT_VISION_MODELS.pose }, { engine }),
    ]),
  );
  const options = inferenceOptions({ gate: { activeFps: settings.fps } });
  pipelineFor = (liftId) => createCabinPipeline({ liftId, detector, quickDetector, pose, options });
  scheduler = createScheduler({ concurrency: settings.workers, lookTimeoutSeconds: 10 });
  scheduler.on('scene', ({ liftId, ts }) => {
    const mark = watches.get(liftId)?.marks.get(ts);
    looks.push({ id: liftId, answeredAt: Date.now(), frameTs: ts, mark });
  });
  scheduler.on('behaviour', () => behaviours++);
  scheduler.on('error', ({ liftId, error }) => console.error(`${liftId}: ${error.message}`));
  delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  sampler = setInterval(() => waiting.push(scheduler.stats().waiting), 250);
}

/** Runs `create` and notes the threads that it started, whose time is then told apart. */
async function inNewThreads<T>(group: keyof typeof threadGroups, create: () => Promise<T>): Promise<T> {
  const known = threadTimes(process.pid);
  const made = await create();
  for (const tid of threadTimes(process.pid).keys()) if (!known.has(tid)) threadGroups[group].add(tid);
  return made;
}

function counted(inner: InferenceEngine): InferenceEngine {
  return {
    ...inner,
    ask(file, question) {
      const [x1, y1, x2, y2] = question.region;
      const whole = x1 === 0 && y1 === 0 && x2 === 1 && y2 === 1;
      const quick =
        settings.quickDetector !== settings.detector && file.includes(`${settings.quickDetector}.`);
      const detect = quick ? (['quick', 'quickCrop'] as const) : (['detect', 'crop'] as const);
      runs[file.includes('movenet') ? 'pose' : detect[whole ? 0 : 1]]++;
      return inner.ask(file, question);
    },
  };
}

function watch({ id, url }: CameraAddress): void {
  const camera = createCamera(
    { cameraId: id, liftId: id, url, fps: settings.fps },
    { ...(media && { media }), logger: createLogger({ level: 'error' }) },
  );
  const marks = new Map<number, number>();
  watches.set(id, { camera, marks, watch: scheduler.watch(marked(camera, marks), pipelineFor(id)) });
}

/** The camera, whose pictures' marks are noted on their way. */
function marked(camera: Camera, marks: Map<number, number>): FrameSource {
  return {
    liftId: camera.liftId,
    async *frames(signal: AbortSignal): AsyncGenerator<Frame> {
      for await (const frame of camera.frames(signal)) {
        const mark = readMark(frame);
        if (mark !== undefined) marks.set(frame.ts, mark);
        const oldest = marks.size > 64 ? marks.keys().next().value : undefined;
        if (oldest !== undefined) marks.delete(oldest);
        yield frame;
      }
    },
  };
}

async function leave(id: string): Promise<void> {
  const entry = watches.get(id);
  watches.delete(id);
  await entry?.watch.close();
  await entry?.camera.close();
}

function begin(profile: string | undefined): void {
  Object.assign(
    runs,
    runsOf(() => 0),
  );
  looks = [];
  waiting = [];
  behaviours = 0;
  before = scheduler.stats().lanes;
  delay.reset();
  if (profile) startProfile(profile);
}

/** Of the main thread, until the next report. */
function startProfile(file: string): void {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  endProfile = () => {
    session.post('Profiler.stop', (_, { profile }) => writeFileSync(file, JSON.stringify(profile)));
    session.disconnect();
    endProfile = () => {};
  };
}
let endProfile = (): void => {};

function lanes(): PipelineReport['lanes'] {
  return scheduler.stats().lanes.map((now) => {
    const then = before.find((lane) => lane.liftId === now.liftId);
    return {
      liftId: now.liftId,
      frames: now.frames - (then?.frames ?? 0),
      looked: now.looked - (then?.looked ?? 0),
      skipped: now.skipped - (then?.skipped ?? 0),
      idle: now.idle - (then?.idle ?? 0),
      errors: now.errors - (then?.errors ?? 0),
    };
  });
}

function threads(): PipelineReport['threads'] {
  const sums = { main: 0, media: 0, inference: 0, other: 0 };
  for (const [tid, cpu] of threadTimes(process.pid)) {
    if (tid === process.pid) sums.main += cpu;
    else if (threadGroups.media.has(tid)) sums.media += cpu;
    else if (threadGroups.inference.has(tid)) sums.inference += cpu;
    else sums.other += cpu;
  }
  return sums;
}

function report(gc: boolean): PipelineReport {
  endProfile();
  if (gc) globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const cameras = [...watches.values()].map((entry) => entry.camera);
  return {
    runs: { ...runs },
    lanes: lanes(),
    looks,
    waiting,
    loopDelayMs: { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6 },
    threads: threads(),
    memory: { heap: heapUsed, external: external + arrayBuffers },
    openFiles: openFiles(process.pid),
    online: cameras.filter((camera) => camera.health().state === 'online').length,
    dropped: cameras.reduce((sum, camera) => sum + camera.dropped, 0),
    behaviours,
  };
}

serve<PipelineAsk, PipelineReport | { readonly done: true }>(
  async (ask) => {
    if (ask.kind === 'report') return report(ask.gc ?? false);
    if (ask.kind === 'start') await start(ask.settings);
    if (ask.kind === 'watch') watch(ask.camera);
    if (ask.kind === 'leave') await leave(ask.id);
    if (ask.kind === 'begin') begin(ask.profile);
    return { done: true };
  },
  async () => {
    clearInterval(sampler);
    await scheduler?.close();
    await Promise.all([...watches.values()].map(({ camera }) => camera.close()));
    await engine?.close();
    await media?.close();
  },
);
