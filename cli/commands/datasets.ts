import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CabinwatchError } from '../../core/index.ts';
import { createProgressLine, type ProgressLine } from '../progress-line.ts';
import { wholeNumber } from '../whole-number.ts';

interface SynthFlags {
  readonly random?: number;
  readonly seed: number;
  readonly out: string;
  readonly workers: number;
  readonly focus?: 'ebikes' | 'look-alikes';
  readonly size: { readonly width: number; readonly height: number };
  readonly preview: boolean;
}

export function addDatasetsCommand(program: Command): void {
  const datasets = program
    .command('datasets')
    .description('Make data to show, test and train with: synthetic cabins with complete truth.');

  datasets
    .command('synth')
    .summary('draw synthetic cabins: scenarios as clips, or random ones as a training set')
    .description(
      'Draws scenarios into clips with their truth, or random cabins into a labelled set of pictures.\n' +
        'What a stopped run has drawn of a set is kept, and the same command goes on from there.',
    )
    .argument('[scenario...]', 'scenario files; each becomes a folder of its name')
    .option('--random <n>', 'draw so many random cabins instead', wholeNumber(1))
    .option('--seed <s>', 'seed of the random cabins; the same seed gives the same cabins', wholeNumber(0), 1)
    .addOption(
      new Option(
        '--focus <what>',
        'random cabins in which e-bikes, or above all what resembles them, are often there',
      ).choices(['ebikes', 'look-alikes']),
    )
    .option('--size <w>x<h>', 'picture size of the random cabins', pictureSize, { width: 640, height: 360 })
    .requiredOption('-o, --out <folder>', 'folder that takes what is drawn')
    .option(
      '--workers <w>',
      'processes that draw random cabins',
      wholeNumber(1),
      Math.max(1, Math.floor(availableParallelism() / 2)),
    )
    .option('--preview', 'also draw a sheet of small pictures, preview.jpg', false)
    .action((scenarios: string[], flags: SynthFlags) =>
      withProgress('Interrupted; the same command goes on with what is missing.', (progress, signal) =>
        flags.random === undefined
          ? drawScenarios(scenarios, flags, progress, signal)
          : drawRandom(scenarios, flags.random, flags, progress, signal),
      ),
    );

  datasets
    .command('export')
    .summary('turn clips into a set of labelled pictures')
    .description('Writes frames of clips as pictures with COCO (keypoints too) and YOLO labels.')
    .argument('<clip...>', 'folders with clip.mp4 and truth.jsonl.gz')
    .requiredOption('-o, --out <folder>', 'folder that takes the set')
    .option('--every <n>', 'take every so-many-th frame', wholeNumber(1), 10)
    .action((clips: string[], flags: { readonly out: string; readonly every: number }) =>
      withProgress('Interrupted; the set is not whole.', async (progress, signal) => {
        const { exportClips } = await import('../../datasets/index.ts');
        const onClip = ({ name, pictures }: { name: string; pictures: number }): void =>
          progress.print(`${name}: ${pictures} pictures`);
        await exportClips({ clips, out: flags.out, every: flags.every, signal, onClip });
      }),
    );
}

async function withProgress(
  interrupted: string,
  work: (progress: ProgressLine, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const progress = createProgressLine(process.stderr, () => performance.now());
  try {
    await work(progress, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new CabinwatchError('CLOSED', interrupted);
  } finally {
    progress.clear();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

async function drawScenarios(
  scenarios: readonly string[],
  flags: SynthFlags,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  if (scenarios.length === 0)
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'Nothing to draw: name a scenario file, or say --random <n>.',
    );
  const { synth } = await import('../../datasets/index.ts');
  await synth({
    scenarios,
    out: flags.out,
    preview: flags.preview,
    signal,
    onProgress: ({ name, done, all }) => progress.update(`${name}: ${done} of ${all} pictures`),
    onClip: ({ name, folder, report }) => {
      progress.clear();
      const speed = (report.frames / report.seconds).toFixed(1);
      process.stdout.write(`${name}: ${report.frames} pictures, ${speed} a second, in ${folder}\n`);
    },
  });
}

async function drawRandom(
  scenarios: readonly string[],
  count: number,
  flags: SynthFlags,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  if (scenarios.length > 0)
    throw new CabinwatchError('CONFIG_INVALID', 'Either scenario files or --random <n>, not both.');
  const { synthRandomInWorkers } = await import('../../datasets/index.ts');
  const started = performance.now();
  let kept = 0;
  await synthRandomInWorkers({
    count,
    seed: flags.seed,
    focus: flags.focus,
    ...flags.size,
    out: flags.out,
    workers: flags.workers,
    preview: flags.preview,
    signal,
    onProgress: ({ done, all, skipped }) => {
      kept = skipped;
      const rate = (done - skipped) / ((performance.now() - started) / 60_000);
      const left = rate > 0 ? `, about ${Math.ceil((all - done) / rate)} min left` : '';
      progress.update(`${done} of ${all} cabins${left}`);
    },
  });
  progress.clear();
  const had = kept > 0 ? ` (${kept} were there already)` : '';
  process.stdout.write(`${count} random cabins in ${flags.out}${had}\n`);
}

function pictureSize(text: string): { width: number; height: number } {
  const [width = 0, height = 0] = text.split('x').map(Number);
  if (
    ![width, height].every((side) => Number.isInteger(side) && side >= 64 && side <= 4096 && side % 2 === 0)
  )
    throw new InvalidArgumentError('expected width x height, even numbers from 64 to 4096, as in 576x432.');
  return { width, height };
}
