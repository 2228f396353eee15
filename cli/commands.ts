import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  /** Shown in `cabinwatch --help`, where the command's own module is not loaded. */
  readonly summary: string;
  load(): Promise<(program: Command) => void>;
}

/** Every command, in the order in which `--help` lists them. A new one is a file in commands/ and an entry here. */
export const COMMANDS: readonly CommandEntry[] = Object.freeze([
  {
    name: 'analyze',
    summary: 'run a video file through the pipeline and write what was seen',
    load: async () => (await import('./commands/analyze.ts')).addAnalyzeCommand,
  },
  {
    name: 'demo',
    summary: 'watch simulated cabins through the whole service',
    load: async () => (await import('./commands/demo.ts')).addDemoCommand,
  },
  {
    name: 'serve',
    summary: 'run the service: cameras, judgement, watch page',
    load: async () => (await import('./commands/serve.ts')).addServeCommand,
  },
  {
    name: 'doctor',
    summary: 'check this machine and, given one, a camera; say what to change',
    load: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
  },
  {
    name: 'config',
    summary: 'check a configuration file, or print the example or the reference',
    load: async () => (await import('./commands/config.ts')).addConfigCommand,
  },
  {
    name: 'models',
    summary: 'build the models, list them, or check the built files',
    load: async () => (await import('./commands/models.ts')).addModelsCommand,
  },
  {
    name: 'datasets',
    summary: 'draw synthetic cabins with complete truth, to show, test and train with',
    load: async () => (await import('./commands/datasets.ts')).addDatasetsCommand,
  },
  {
    name: 'alarms',
    summary: 'list and replay alarm messages that could not be delivered',
    load: async () => (await import('./commands/alarms.ts')).addAlarmsCommand,
  },
  {
    name: 'audit',
    summary: 'check that the records have not been changed, or export the log',
    load: async () => (await import('./commands/audit.ts')).addAuditCommand,
  },
  {
    name: 'cabins',
    summary: 'let a screen into its cabin',
    load: async () => (await import('./commands/cabins.ts')).addCabinsCommand,
  },
  {
    name: 'users',
    summary: 'make the first admin, other users and machines’ keys, without the page',
    load: async () => (await import('./commands/users.ts')).addUsersCommand,
  },
]);
