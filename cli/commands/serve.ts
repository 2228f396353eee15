import { type Command, Option } from 'commander';
import { createLogger, type LoggerOptions } from '../../core/index.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface ServeFlags {
  readonly config: string;
  readonly logLevel: LoggerOptions['level'];
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .summary('run the service: cameras, judgement, watch page')
    .description(
      'Runs the service of one site until it is told to stop (Ctrl-C, SIGTERM). Logs are JSON lines on standard error.',
    )
    .requiredOption('-c, --config <file>', 'the site’s configuration (YAML)')
    .addOption(
      new Option('--log-level <level>', 'what to log')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .action(async ({ config, logLevel }: ServeFlags) => {
      const [{ createApp }, { loadConfig }] = await Promise.all([
        import('../../app/index.ts'),
        import('../../config/index.ts'),
      ]);
      const settings = await loadConfig(config);
      await untilInterrupted(async (signal) => {
        const app = await createApp(settings, { logger: createLogger({ level: logLevel }) });
        try {
          process.stdout.write(`${app.url}\n`);
          if (!signal.aborted) {
            await new Promise<void>((resolve) =>
              signal.addEventListener('abort', () => resolve(), { once: true }),
            );
          }
        } finally {
          await app.close();
        }
      });
    });
}
