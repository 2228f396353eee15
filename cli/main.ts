import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands.ts';
import { explainFailure } from './failure.ts';
import { readVersion } from './version.ts';

/** Runs one command line and says how it went: 0 done, 1 failed, 2 the input or the call itself is wrong. */
export async function main(argv: readonly string[]): Promise<number> {
  // `cabinwatch … | head` closes the pipe early; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync(argv);
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const failure = explainFailure(error, argv.includes('--verbose'));
    process.stderr.write(`${failure.text}\n`);
    return failure.exitCode;
  }
}

/**
 * Builds the command tree. Only the module of the command that is asked for is loaded, so that `--help` and a
 * mistyped name answer at once.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('cabinwatch')
    .description('Video AI for elevator cabins: people, e-bikes, falls and entrapments.')
    .version(readVersion(), '-V, --version', 'print the version')
    .option('--verbose', 'on a failure, print where it happened and what caused it')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride();
  const wanted = args.find((arg) => !arg.startsWith('-'));
  const named = wanted === 'help' ? args[args.indexOf('help') + 1] : wanted;
  for (const command of COMMANDS) {
    if (command.name === named) {
      const add = await command.load();
      add(program);
    } else {
      program.command(command.name).description(command.summary);
    }
  }
  return program;
}
