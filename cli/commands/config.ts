import type { Command } from 'commander';
import {
  checkConfig,
  configError,
  configExample,
  configReference,
  formatPath,
  readConfigText,
} from '../../config/index.ts';

export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .description('Check a configuration file, or print the example or the reference.');

  config
    .command('check')
    .description('List every mistake of a configuration file at once, each with its line.')
    .argument('<file>', 'the YAML file')
    .option('--json', 'print the mistakes as JSON on standard output')
    .action(async (file: string, flags: { readonly json?: boolean }) => {
      const { value, problems } = checkConfig(await readConfigText(file));
      if (flags.json) {
        const rows = problems.map(({ path, line, message }) => ({ path: formatPath(path), line, message }));
        process.stdout.write(`${JSON.stringify({ ok: value !== undefined, problems: rows }, null, 2)}\n`);
        process.exitCode = value ? 0 : 2;
        return;
      }
      if (!value) throw configError(file, problems);
      const count = value.lifts.length;
      process.stdout.write(`${file} is valid: ${count} ${count === 1 ? 'lift' : 'lifts'}.\n`);
    });

  config
    .command('example')
    .description('Print an example with every default and its meaning.')
    .action(() => void process.stdout.write(configExample()));

  config
    .command('reference')
    .description('Print the reference of every key, as Markdown.')
    .action(() => void process.stdout.write(configReference()));
}
