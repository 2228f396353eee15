import { setTimeout as sleep } from 'node:timers/promises';
import { CAMERA_FPS } from '../footage/marked-clip.ts';
import { memoryOf, processTree } from '../measure/process-cpu.ts';
import { startChild } from '../processes/child.ts';
import type {
  LookRecord,
  PipelineAsk,
  PipelineReport,
  PipelineSettings,
} from '../processes/pipeline-process.ts';
import type { SimulatorAnswer, SimulatorAsk } from '../processes/simulator-process.ts';
import type { Cabin } from './cabins.ts';

export interface Window {
  readonly warmup: number;
  readonly seconds: number;
  /** Where to write a profile of the pipeline's main thread in the window. */
  readonly profile?: string | undefined;
}

export interface PipelineFigures {
  readonly seconds: number;
  /** Processor time in the window, s: all of it, the cameras' ffmpegs among it, and the simulator's beside it. */
  readonly cpu: number;
  readonly ffmpeg: number;
  readonly simulator: number;
  /** Of the Node process, by threads, s. */
  readonly threads: PipelineReport['threads'];
  readonly report: PipelineReport;
  /** From the camera's sending of a picture to its behaviours, ms. */
  readonly latencies: readonly number[];
  /** From the picture's last byte in the service to its behaviours, ms. */
  readonly inService: readonly number[];
  readonly residentNode: number;
  readonly residentFfmpeg: number;
}

const ONLINE_MS = 90_000;

/** The whole frame path on simulated cameras for one window. */
export async function measurePipeline(
  cabins: readonly Cabin[],
  settings: PipelineSettings,
  { warmup, seconds, profile }: Window,
): Promise<PipelineFigures> {
  const simulator = await startChild<SimulatorAsk, SimulatorAnswer>('./simulator-process.ts');
  const pipeline = await startChild<PipelineAsk, PipelineReport>('./pipeline-process.ts');
  try {
    const cameras = cabins.map(({ id, clip }) => ({ name: id, file: clip.file }));
    const { urls } = await simulator.ask({ kind: 'start', cameras });
    await pipeline.ask({ kind: 'start', settings });
    for (const [i, { id }] of cabins.entries()) {
      await pipeline.ask({ kind: 'watch', camera: { id, url: urls[i]! } });
      await sleep(100);
    }
    await online(cabins.length, () => pipeline.ask({ kind: 'report' }));
    await sleep(warmup * 1000);

    const first = await pipeline.ask({ kind: 'report' });
    await pipeline.ask({ kind: 'begin', profile });
    const from = {
      at: performance.now(),
      tree: processTree(pipeline.pid),
      simulator: processTree(simulator.pid),
    };
    await sleep(seconds * 1000);
    const tree = processTree(pipeline.pid);
    const report = await pipeline.ask({ kind: 'report' });
    const took = (performance.now() - from.at) / 1000;

    const node = (list: typeof tree): number => list.find((p) => p.pid === pipeline.pid)?.cpu ?? 0;
    const cpu = total(tree) - total(from.tree);
    const { startedAt } = await simulator.ask({ kind: 'started' });
    const { main, media, inference, other } = report.threads;
    return {
      seconds: took,
      cpu,
      ffmpeg: cpu - (node(tree) - node(from.tree)),
      simulator: total(processTree(simulator.pid)) - total(from.simulator),
      threads: {
        main: main - first.threads.main,
        media: media - first.threads.media,
        inference: inference - first.threads.inference,
        other: other - first.threads.other,
      },
      report,
      latencies: report.looks.flatMap((look) => latency(look, cabins, startedAt)),
      inService: report.looks.map((look) => look.answeredAt - look.frameTs),
      residentNode: memoryOf(pipeline.pid),
      residentFfmpeg: tree.filter((p) => p.pid !== pipeline.pid).reduce((sum, p) => sum + memoryOf(p.pid), 0),
    };
  } finally {
    await pipeline.close();
    await simulator.close();
  }
}

export const total = (tree: readonly { readonly cpu: number }[]): number =>
  tree.reduce((sum, p) => sum + p.cpu, 0);

async function online(count: number, report: () => Promise<PipelineReport>): Promise<void> {
  const until = performance.now() + ONLINE_MS;
  for (;;) {
    const { online: now } = await report();
    if (now === count) return;
    if (performance.now() > until) throw new Error(`${count - now} of ${count} cameras are not online`);
    await sleep(500);
  }
}

/**
 * The picture says which one of its clip it is, and the simulator when it began to play; the clip goes round, so the
 * last time that this picture was sent is meant.
 */
function latency(
  look: LookRecord,
  cabins: readonly Cabin[],
  startedAt: SimulatorAnswer['startedAt'],
): number[] {
  const at = cabins.findIndex((cabin) => cabin.id === look.id);
  const cabin = cabins[at];
  const begin = startedAt[at];
  if (!cabin || begin === undefined || look.mark === undefined) return [];
  const round = (cabin.clip.pictures * 1000) / CAMERA_FPS;
  const age = look.answeredAt - begin - (look.mark * 1000) / CAMERA_FPS;
  return [((age % round) + round) % round];
}
