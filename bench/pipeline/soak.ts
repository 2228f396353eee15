import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Fault } from '../../simulator/index.ts';
import { memoryOf, processTree } from './measure/process-cpu.ts';
import { seeded } from './measure/seeded.ts';
import { mean, slope, thinned } from './measure/statistics.ts';
import { benchOptions } from './options.ts';
import { type Child, startChild } from './processes/child.ts';
import type { PipelineAsk, PipelineReport } from './processes/pipeline-process.ts';
import type { SimulatorAnswer, SimulatorAsk } from './processes/simulator-process.ts';
import { machineLines } from './report/tables.ts';
import { makeCabins } from './sides/cabins.ts';

const USAGE = `npx tsx bench/pipeline/soak.ts [options]
  --minutes 3      length
  --cameras 8      how many
  --mix 0.25       share of the cabins in which somebody moves
  --every 10       seconds from one trouble to the next
  --seed 1         which troubles
  --active, --empty, --clip-seconds   as in run.ts`;

/** What befalls cameras: faults of the camera itself, and \`leave\`, a camera taken out of the service and put back. */
const TROUBLES = ['die', 'hang', 'freeze', 'flood', 'slow', 'leave'] as const satisfies readonly (
  | Fault
  | 'leave'
)[];
const TROUBLE_SECONDS = 12;
const SAMPLE_SECONDS = 5;
/** Every so many samples the heap is measured after a collection. */
const COLLECT_EVERY = 6;
/** Growth over the whole soak, as a share of the mean, that still counts as flat. */
const FLAT = 0.05;

interface Sample {
  readonly minute: number;
  readonly node: number;
  readonly ffmpeg: number;
  readonly processes: number;
  readonly openFiles: number;
  readonly heap: number;
  readonly external: number;
  readonly online: number;
  readonly collected: boolean;
}

type Pipeline = Child<PipelineAsk, PipelineReport>;
type Simulator = Child<SimulatorAsk, SimulatorAnswer>;

async function main(): Promise<void> {
  const { values } = parseArgs({
    strict: false,
    options: {
      minutes: { type: 'string', default: '3' },
      cameras: { type: 'string', default: '8' },
      mix: { type: 'string', default: '0.25' },
      every: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [minutes, cameras, mix, every, seed] = [
    values.minutes,
    values.cameras,
    values.mix,
    values.every,
    values.seed,
  ].map(Number);
  if (![minutes, cameras, mix, every, seed].every((n) => n !== undefined && n >= 0)) throw new Error(USAGE);
  const shared = process.argv
    .slice(2)
    .flatMap((arg, i, all) => (/^--(active|empty|clip-seconds)/.test(arg) ? [arg, all[i + 1] ?? ''] : []));
  const cabins = await makeCabins(cameras!, mix!, benchOptions(shared));

  const simulator: Simulator = await startChild('./simulator-process.ts');
  const pipeline: Pipeline = await startChild('./pipeline-process.ts', ['--expose-gc']);
  const { urls } = await simulator.ask({
    kind: 'start',
    cameras: cabins.map(({ id, clip }) => ({ name: id, file: clip.file })),
  });
  const addresses = cabins.map(({ id }, i) => ({ id, url: urls[i] as string }));
  await pipeline.ask({ kind: 'start', settings: { fps: 5, workers: 2, live: true } });
  for (const camera of addresses) await pipeline.ask({ kind: 'watch', camera });

  const begin = performance.now();
  const minute = (): number => (performance.now() - begin) / 60_000;
  const random = seeded(seed!);
  const samples: Sample[] = [];
  const troubles = new Map<string, number>();
  const away: { readonly camera: (typeof addresses)[number]; readonly until: number }[] = [];
  let nextTrouble = 0.5;
  while (minute() < minutes!) {
    while (away[0] && minute() >= away[0].until)
      await pipeline.ask({ kind: 'watch', camera: away.shift()!.camera });
    // The end is left quiet, so that what comes back is back when it is counted.
    if (minute() >= nextTrouble && minute() < minutes! - 1) {
      nextTrouble = minute() + every! / 60;
      const camera = addresses[Math.floor(random() * addresses.length)]!;
      const trouble = TROUBLES[Math.floor(random() * TROUBLES.length)]!;
      if (!away.some((gone) => gone.camera === camera)) {
        troubles.set(trouble, (troubles.get(trouble) ?? 0) + 1);
        if (trouble === 'leave') {
          await pipeline.ask({ kind: 'leave', id: camera.id });
          away.push({ camera, until: minute() + TROUBLE_SECONDS / 60 });
        } else {
          await simulator.ask({
            kind: 'fault',
            name: camera.id,
            fault: trouble,
            forMs: TROUBLE_SECONDS * 1000,
          });
        }
      }
    }
    samples.push(await takeSample(pipeline, minute(), samples.length % COLLECT_EVERY === 0));
    await sleep(SAMPLE_SECONDS * 1000);
  }
  const last = await takeSample(pipeline, minute(), true);
  samples.push(last);
  await pipeline.close();
  await simulator.close();

  console.log((await machineLines()).join('\n'));
  const list = [...troubles].map(([name, count]) => `${count} × ${name}`).join(', ');
  console.log(
    `\n${cameras} cameras (mix ${mix}), ${minute().toFixed(1)} min; troubles of ${TROUBLE_SECONDS} s: ${list || 'none'}`,
  );
  console.log(`online at the end: ${last.online} of ${cameras}\n`);
  console.log(table(samples, minutes!));
}

async function takeSample(pipeline: Pipeline, minute: number, gc: boolean): Promise<Sample> {
  const report = await pipeline.ask({ kind: 'report', gc });
  // What a window collects must not be taken for a leak.
  await pipeline.ask({ kind: 'begin' });
  const children = processTree(pipeline.pid).filter((p) => p.pid !== pipeline.pid);
  return {
    minute,
    node: memoryOf(pipeline.pid) / 1e6,
    ffmpeg: children.reduce((sum, p) => sum + memoryOf(p.pid), 0) / 1e6,
    processes: children.length,
    openFiles: report.openFiles,
    heap: report.memory.heap / 1e6,
    external: report.memory.external / 1e6,
    online: report.online,
    collected: gc,
  };
}

/** Without the first fifth, in which caches and pools fill. */
function table(all: readonly Sample[], minutes: number): string {
  const samples = all.filter((s) => s.minute >= minutes / 5);
  const row = (name: string, of: (s: Sample) => number, chosen = samples): string => {
    const points = thinned(chosen, 400).map((s) => ({ x: s.minute, y: of(s) }));
    const values = points.map((p) => p.y);
    const perHour = slope(points) * 60;
    const flat = Math.abs(slope(points) * minutes) <= FLAT * mean(values);
    const cells = [values[0], mean(values), Math.max(...values), values.at(-1)].map((v) =>
      (v ?? 0).toFixed(1),
    );
    return `| ${name} | ${cells.join(' | ')} | ${perHour.toFixed(1)} | ${flat ? 'yes' : 'NO'} |`;
  };
  return [
    `| after the first ${(minutes / 5).toFixed(1)} min | first | mean | most | last | slope an hour | flat |`,
    '|---|---|---|---|---|---|---|',
    row('Node, MB', (s) => s.node),
    row(
      'heap after collection, MB',
      (s) => s.heap,
      samples.filter((s) => s.collected),
    ),
    row('external and buffers, MB', (s) => s.external),
    row('ffmpegs, MB', (s) => s.ffmpeg),
    row('ffmpeg processes', (s) => s.processes),
    row('open files', (s) => s.openFiles),
    `\nFlat: the slope (Theil–Sen) over the whole soak is at most ${FLAT * 100} % of the mean.`,
  ].join('\n');
}

await main();
