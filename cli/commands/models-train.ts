import { type Command, InvalidArgumentError } from 'commander';
import { CabinwatchError } from '../../core/index.ts';
import { createProgressLine } from '../progress-line.ts';
import type { TrainFlags } from '../train/train-detector.ts';

export function addTrainCommand(models: Command): void {
  models
    .command('train')
    .summary('train a head for one class on a frozen detector')
    .description(
      'Trains a head that finds one more class on the features of a detector that itself stays as it is, from labelled\n' +
        'folders (COCO: annotations.json; YOLO: images/, labels/, classes.txt; images/ alone: pictures without the thing).\n' +
        'Writes NAME.safetensors and its card NAME.md. A stopped run goes on where it was.',
    )
    .argument('<folder...>', 'labelled pictures to learn from')
    .requiredOption(
      '--validation <folder>',
      'labelled pictures that are kept aside, to judge by; may be repeated',
      collect,
      [],
    )
    .requiredOption('-o, --out <file>', 'the weights to write, NAME.safetensors')
    .option(
      '--model <id>',
      'the model, or manifest (.json), that says which network and feature maps',
      'cabin-detector',
    )
    .option('--class <name>', 'the class to find, as the folders name it', 'ebike')
    .option('--work <folder>', 'takes the features, 0.6 MB a copy of a picture', '.cache/training')
    .option('--seed <n>', 'of everything random', number)
    .option('--variants <n>', 'altered copies of each picture', number)
    .option('--epochs <n>', 'how often each copy is looked at', number)
    .option('--hidden <n>', "channels of the head's layers", number)
    .option('--rate <x>', 'highest learning rate', number)
    .action(async (folders: string[], flags: TrainFlags) => {
      const { trainDetector } = await import('../train/train-detector.ts');
      const progress = createProgressLine(process.stderr, () => performance.now());
      const stop = new AbortController();
      const interrupt = (): void => stop.abort();
      process.once('SIGINT', interrupt);
      process.once('SIGTERM', interrupt);
      try {
        const { summary } = await trainDetector(folders, flags, { progress, signal: stop.signal });
        progress.clear();
        process.stdout.write(summary);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        throw new CabinwatchError('CLOSED', 'Interrupted; the same command goes on with what is missing.');
      } finally {
        progress.clear();
        process.off('SIGINT', interrupt);
        process.off('SIGTERM', interrupt);
      }
    });
}

const collect = (value: string, before: string[]): string[] => [...before, value];

function number(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && text.trim() !== '') return value;
  throw new InvalidArgumentError('It must be a number.');
}
