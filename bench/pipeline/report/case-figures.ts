import { type ModelRuns, runsOf } from '../measure/model-runs.ts';
import { mean, percentile, slope, thinned } from '../measure/statistics.ts';
import type { BareFigures } from '../sides/bare-side.ts';
import type { Cabin } from '../sides/cabins.ts';
import type { PipelineFigures } from '../sides/pipeline-side.ts';

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What is told of one case; times of the processor in cores, that is seconds a second. */
export interface CaseFigures {
  readonly cameras: number;
  readonly fps: number;
  readonly mix: number;
  readonly seconds: number;
  /** Frames a second that the cameras gave. */
  readonly framesPerSecond: number;
  /** Looks a second at a cabin where somebody moves, and at one where nobody does, on average; made and due. */
  readonly activeLooks: number;
  readonly activeDue: number;
  readonly emptyLooks: number;
  readonly emptyDue: number;
  /** The camera that was looked at least; and the least and the most of those that were active. */
  readonly leastLooks: number;
  readonly activeRange: readonly [number, number];
  /** Share of the frames due for a look that a newer one overtook. */
  readonly skipped: number;
  readonly errors: number;
  readonly runsPerSecond: ModelRuns;
  /** From the camera's sending to the behaviours, ms. */
  readonly latency: Percentiles;
  readonly inService: Percentiles;
  /** Frames waiting for their turn: mean, most, and growth a minute. */
  readonly waiting: { readonly mean: number; readonly max: number; readonly perMinute: number };
  readonly loopDelayP99: number;
  readonly cores: {
    readonly all: number;
    readonly ffmpeg: number;
    readonly main: number;
    readonly inference: number;
    readonly media: number;
    readonly other: number;
    readonly simulator: number;
  };
  readonly bare: { readonly all: number; readonly decode: number; readonly onnx: number } | undefined;
  /** Pipeline ÷ bare minimum; of each round, and of all. */
  readonly ratios: readonly number[];
  readonly ratio: number | undefined;
  readonly megabytes: { readonly node: number; readonly ffmpeg: number; readonly heap: number };
}

export interface CaseInput {
  readonly cameras: number;
  readonly fps: number;
  readonly mix: number;
  readonly cabins: readonly Cabin[];
  readonly pipeline: readonly PipelineFigures[];
  readonly bare: readonly BareFigures[];
}

export function caseFigures({ cameras, fps, mix, cabins, pipeline, bare }: CaseInput): CaseFigures {
  const seconds = sum(pipeline, (p) => p.seconds);
  const perSecond = (of: (p: PipelineFigures) => number): number => sum(pipeline, of) / seconds;
  const lanes = pipeline.flatMap((p) => p.report.lanes);
  const looks = (wanted: (cabin: Cabin) => boolean, of: (lane: Lane) => number = made): number[] =>
    cabins.filter(wanted).map((c) => {
      const own = lanes.filter((lane) => lane.liftId === c.id);
      return sum(own, of) / seconds;
    });
  const [looked, skipped] = [sum(lanes, (l) => l.looked), sum(lanes, (l) => l.skipped)];
  const waiting = pipeline.flatMap((p) => p.report.waiting);
  const least = bare.length > 0 ? bareCores(bare) : undefined;
  const all = perSecond((p) => p.cpu);
  const last = pipeline.at(-1) as PipelineFigures;
  return {
    cameras,
    fps,
    mix,
    seconds,
    framesPerSecond: sum(lanes, (l) => l.frames) / seconds,
    activeLooks: mean(looks((c) => c.active)),
    activeDue: mean(looks((c) => c.active, due)),
    emptyLooks: mean(looks((c) => !c.active)),
    emptyDue: mean(looks((c) => !c.active, due)),
    leastLooks: Math.min(...looks(() => true)),
    activeRange: [Math.min(...looks((c) => c.active)), Math.max(...looks((c) => c.active))],
    skipped: skipped / Math.max(1, looked + skipped),
    errors: sum(lanes, (l) => l.errors),
    runsPerSecond: runsOf((kind) => perSecond((p) => p.report.runs[kind])),
    latency: percentiles(pipeline.flatMap((p) => p.latencies)),
    inService: percentiles(pipeline.flatMap((p) => p.inService)),
    waiting: { mean: mean(waiting), max: Math.max(0, ...waiting), perMinute: growth(pipeline) },
    loopDelayP99: Math.max(...pipeline.map((p) => p.report.loopDelayMs.p99)),
    cores: {
      all,
      ffmpeg: perSecond((p) => p.ffmpeg),
      main: perSecond((p) => p.threads.main),
      inference: perSecond((p) => p.threads.inference),
      media: perSecond((p) => p.threads.media),
      other: perSecond((p) => p.threads.other),
      simulator: perSecond((p) => p.simulator),
    },
    bare: least,
    ratios: bare.map((b, i) => cores(pipeline[i] as PipelineFigures) / bareCores([b]).all),
    ratio: least && all / least.all,
    megabytes: {
      node: last.residentNode / 1e6,
      ffmpeg: last.residentFfmpeg / 1e6,
      heap: last.report.memory.heap / 1e6,
    },
  };
}

type Lane = PipelineFigures['report']['lanes'][number];
const made = (lane: Lane): number => lane.looked;
const due = (lane: Lane): number => lane.looked + lane.skipped;

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const cores = (p: PipelineFigures): number => p.cpu / p.seconds;

function bareCores(bare: readonly BareFigures[]): { all: number; decode: number; onnx: number } {
  const seconds = sum(bare, (b) => b.seconds);
  const decode = sum(bare, (b) => b.decode) / seconds;
  const onnx = sum(bare, (b) => b.onnx) / seconds;
  return { all: decode + onnx, decode, onnx };
}

function percentiles(values: readonly number[]): Percentiles {
  const at = (share: number): number => percentile(values, share) ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Frames a minute by which what waits grew, in the worst round. */
function growth(pipeline: readonly PipelineFigures[]): number {
  return Math.max(
    ...pipeline.map(({ report, seconds }) => {
      const step = seconds / 60 / Math.max(1, report.waiting.length);
      return slope(
        thinned(
          report.waiting.map((y, i) => ({ x: i * step, y })),
          300,
        ),
      );
    }),
  );
}
