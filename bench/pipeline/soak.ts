import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_VISION_MODELS } from '../../inference/index.ts';
import { benchOptions } from './options.ts';
import { startChild } from './processes/child.ts';
import { machineLines } from './report/tables.ts';
import { makeCabins } from './sides/cabins.ts';
import { type SoakOptions, soakOptions, USAGE } from './soak/options.ts';
import { type Sample, soakTable, takeSample } from './soak/samples.ts';
import {
  createTroubles,
  type Pipeline,
  type Simulator,
  TROUBLE_SECONDS,
  type Troubles,
} from './soak/troubles.ts';

const SAMPLE_MS = 5000;
/** Every so many samples the heap is measured after a collection. */
const COLLECT_EVERY = 6;
/** The beginning and the end are left quiet: all cameras come, and what was away comes back. */
const QUIET_MINUTES = { first: 0.5, last: 1 } as const;

async function soak(options: SoakOptions, pipeline: Pipeline, troubles: Troubles): Promise<Sample[]> {
  const begin = performance.now();
  const minute = (): number => (performance.now() - begin) / 60_000;
  const samples: Sample[] = [];
  let next: number = QUIET_MINUTES.first;
  while (minute() < options.minutes) {
    await troubles.restore();
    if (minute() >= next && minute() < options.minutes - QUIET_MINUTES.last) {
      next = minute() + options.every / 60;
      await troubles.strike();
    }
    samples.push(await takeSample(pipeline, minute(), samples.length % COLLECT_EVERY === 0));
    await sleep(SAMPLE_MS);
  }
  samples.push(await takeSample(pipeline, minute(), true));
  return samples;
}

async function main(): Promise<void> {
  const options = soakOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return;
  }
  const { cameras, mix, minutes, seed } = options;
  const cabins = await makeCabins(cameras, mix, benchOptions(options.clips));
  const machine = await machineLines();
  const simulator: Simulator = await startChild('./simulator-process.ts');
  const pipeline: Pipeline = await startChild('./pipeline-process.ts', ['--expose-gc']);
  const played = cabins.map(({ id, clip }) => ({ name: id, file: clip.file }));
  const { urls } = await simulator.ask({ kind: 'start', cameras: played });
  const addresses = cabins.map(({ id }, i) => ({ id, url: urls[i] as string }));
  await pipeline.ask({
    kind: 'start',
    settings: {
      fps: 5,
      workers: 2,
      detector: DEFAULT_VISION_MODELS.detector,
      quickDetector: DEFAULT_VISION_MODELS.quickDetector,
    },
  });
  for (const camera of addresses) await pipeline.ask({ kind: 'watch', camera });

  const troubles = createTroubles(addresses, { pipeline, simulator }, seed);
  const samples = await soak(options, pipeline, troubles);
  await pipeline.close();
  await simulator.close();

  console.log(machine.join('\n'));
  console.log(
    `\n${cameras} cameras (mix ${mix}), ${minutes} min; troubles of ${TROUBLE_SECONDS} s: ${troubles.list}`,
  );
  console.log(`online at the end: ${samples.at(-1)?.online} of ${cameras}\n`);
  console.log(soakTable(samples, minutes));
}

await main();
