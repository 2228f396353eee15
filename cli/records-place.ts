import type { Command } from 'commander';
import type { Config, DeepReadonly } from '../config/index.ts';
import type { RecordsWhere } from '../storage/index.ts';

export interface WhereFlags {
  readonly service?: string;
  readonly config?: string;
  readonly data?: string;
  readonly url?: string;
}

/** How a command is told where the records are. */
export function addWhereOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the site’s configuration, for where its records are')
    .option('--data <folder>', 'the data folder of a service that is not running')
    .option('--url <address>', 'a PostgreSQL database; default: the environment’s DATABASE_URL');
}

const DEFAULT_FOLDER = '.data';

/** What is said last and nearest holds: --data or --url, then the configuration, then DATABASE_URL. */
export async function whereOf(flags: WhereFlags): Promise<RecordsWhere> {
  if (flags.data !== undefined) return { url: undefined, dataDir: flags.data };
  if (flags.url !== undefined) return { url: flags.url, dataDir: DEFAULT_FOLDER };
  const told = flags.config === undefined ? undefined : (await configOf(flags.config)).storage;
  return { url: told?.url ?? process.env.DATABASE_URL, dataDir: told?.dataDir ?? DEFAULT_FOLDER };
}

async function configOf(file: string): Promise<DeepReadonly<Config>> {
  const { loadConfig } = await import('../config/index.ts');
  return loadConfig(file);
}
