import { writeFile } from 'node:fs/promises';
import { type BenchOptions, benchOptions, USAGE } from './options.ts';
import { type CaseFigures, caseFigures } from './report/case-figures.ts';
import { breakdownTable, caseTable, machineLines } from './report/tables.ts';
import { type Verdict, verdicts } from './report/targets.ts';
import { type BareFigures, measureBare } from './sides/bare-side.ts';
import { makeCabins } from './sides/cabins.ts';
import { measurePipeline, type PipelineFigures } from './sides/pipeline-side.ts';

interface Case {
  readonly cameras: number;
  readonly fps: number;
  readonly mix: number;
}

async function measure({ cameras, fps, mix }: Case, options: BenchOptions): Promise<CaseFigures> {
  const { workers, detector, quickDetector, rounds, warmup, seconds, profile } = options;
  const cabins = await makeCabins(cameras, mix, options);
  const window = { warmup, seconds, profile };
  const pipeline: PipelineFigures[] = [];
  const bare: BareFigures[] = [];
  for (let round = 0; round < rounds; round++) {
    const figures = await measurePipeline(cabins, { fps, workers, detector, quickDetector }, window);
    pipeline.push(figures);
    const { runs } = figures.report;
    if (options.bare)
      bare.push(await measureBare(cabins, { fps, workers, detector, quickDetector, runs }, window));
  }
  return caseFigures({ cameras, fps, mix, cabins, pipeline, bare });
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const options = benchOptions(process.argv.slice(2));
  const cases = options.cameras.flatMap((cameras) =>
    options.fps.flatMap((fps) => options.mix.map((mix) => ({ cameras, fps, mix }))),
  );
  const results: CaseFigures[] = [];
  for (const [i, one] of cases.entries()) {
    console.error(`${i + 1} of ${cases.length}: ${one.cameras} cameras, ${one.fps} fps, mix ${one.mix} …`);
    results.push(await measure(one, options));
  }
  const found: readonly Verdict[] = verdicts(results);
  const machine = await machineLines();
  console.log([...machine, '', caseTable(results), '', breakdownTable(results), ''].join('\n'));
  for (const { target, passed, found: text } of found)
    console.log(`${passed ? 'pass' : 'FAIL'}  ${target}: ${text}`);
  if (options.json) {
    await writeFile(
      options.json,
      `${JSON.stringify({ machine, options, results, verdicts: found }, null, 1)}\n`,
    );
  }
}

await main();
