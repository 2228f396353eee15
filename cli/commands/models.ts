import type { Command } from 'commander';
import { DEFAULT_MODELS_DIR } from '../../inference/index.ts';
import { terminalLanguage } from '../language.ts';
import { createProgressLine } from '../progress-line.ts';
import { addTrainCommand } from './models-train.ts';

interface Flags {
  readonly dir: string;
}

export function addModelsCommand(program: Command): void {
  const models = program
    .command('models')
    .description('Build the models, list them, check the built files, or train one.');
  const dir = ['--dir <folder>', 'where the built models are', DEFAULT_MODELS_DIR] as const;

  models
    .command('build')
    .description('Build what is missing or has changed, from the npm-delivered weights.')
    .argument('[model...]', 'ids, or manifests (.json) of your own; all of the project when left out')
    .option(...dir)
    .option(
      '--pin',
      'write the hash of the built file into the manifest, after a deliberate change of the converter',
    )
    .action(async (only: string[], flags: Flags & { readonly pin?: boolean }) => {
      const { buildModels } = await import('../../models/index.ts');
      const progress = createProgressLine(process.stderr, () => performance.now());
      const built = await buildModels({
        outDir: flags.dir,
        ...(only.length > 0 && { only }),
        pin: flags.pin === true,
        onProgress: ({ id, index, count, state }) =>
          state === 'working' && progress.update(`building ${id} (${index + 1} of ${count})`),
      });
      progress.clear();
      for (const { id, file, bytes, state } of built) {
        process.stdout.write(
          `${state === 'built' ? 'built' : 'up to date'}: ${id} (${megabytes(bytes)}) ${file}\n`,
        );
      }
    });

  models
    .command('list')
    .description('List the models of the project.')
    .option(...dir)
    .option('--json', 'as JSON')
    .action(async (flags: Flags & { readonly json?: boolean }) => {
      const { listModels } = await import('../../models/index.ts');
      const listed = await listModels(flags.dir);
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
        return;
      }
      for (const { id, task, inputSize, licence, builtBytes, title } of listed) {
        const built = builtBytes === undefined ? 'not built' : megabytes(builtBytes);
        process.stdout.write(
          `${id.padEnd(20)} ${task.padEnd(7)} ${inputSize.padEnd(8)} ${licence.padEnd(11)} ${built.padEnd(10)} ${title}\n`,
        );
      }
    });

  models
    .command('check')
    .description('Hash each built model against its manifest, load it, and time one look.')
    .option(...dir)
    .action(async (flags: Flags) => {
      const { knownModels } = await import('../../models/index.ts');
      const { checkModels } = await import('../doctor/check-models.ts');
      const { formatFindings } = await import('../doctor/finding.ts');
      const { findings } = await checkModels(flags.dir, await knownModels());
      process.stdout.write(formatFindings(findings, terminalLanguage(process.env)));
      process.exitCode = findings.some((finding) => finding.level === 'change') ? 1 : 0;
    });

  addTrainCommand(models);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
