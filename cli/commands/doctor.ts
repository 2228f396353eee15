import { type Command, Option } from 'commander';
import type { Finding } from '../doctor/finding.ts';
import { type Language, terminalLanguage } from '../language.ts';

interface Flags {
  readonly camera?: string;
  readonly config?: string;
  readonly models?: string;
  readonly lang?: Language;
  readonly json?: boolean;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('check this machine and, given one, a camera; say what to change')
    .description(
      'Checks Node, ffmpeg, the models, ports, CPU, memory, disk and clock, and estimates how many cameras this\n' +
        'machine carries. Given a camera, looks at what it sends. Exit code 0: all fine; 1: something must be changed.',
    )
    .option('--camera <url>', 'an RTSP address to examine; its password is not shown')
    .option('--config <file>', 'take the ports from this configuration')
    .option('--models <folder>', 'where the built models are (default: .cache/models of the project)')
    .addOption(
      new Option('--lang <language>', 'language of the answer (default: from LANG)').choices(['en', 'zh']),
    )
    .option('--json', 'print the findings as JSON')
    .action(async (flags: Flags) => {
      const { formatFindings } = await import('../doctor/finding.ts');
      const language = flags.lang ?? terminalLanguage(process.env);
      const findings = await examine(flags);
      const ok = findings.every((finding) => finding.level !== 'change');
      process.stdout.write(flags.json ? toJson(ok, findings, language) : formatFindings(findings, language));
      process.exitCode = ok ? 0 : 1;
    });
}

async function examine(flags: Flags): Promise<Finding[]> {
  const { loadConfig, parseConfig } = await import('../../config/index.ts');
  const { DEFAULT_MODELS_DIR } = await import('../../inference/index.ts');
  const { examineMachine } = await import('../doctor/examine-machine.ts');
  const config = flags.config ? await loadConfig(flags.config) : parseConfig('', 'the defaults');
  const { api, media, models } = config;
  return examineMachine({
    modelsDir: flags.models ?? DEFAULT_MODELS_DIR,
    ports: [
      { host: api.host, port: api.port, key: 'api.port' },
      { host: media.bind, port: media.httpPort, key: 'media.httpPort' },
      { host: media.bind, port: media.rtmpPort, key: 'media.rtmpPort' },
    ],
    detector: models.detector,
    pose: models.pose,
  });
}

function toJson(ok: boolean, findings: readonly Finding[], language: Language): string {
  const rows = findings.map(({ id, level, text, remedy, facts }) => ({
    id,
    level,
    text: text[language],
    remedy: remedy?.[language],
    facts,
  }));
  return `${JSON.stringify({ ok, findings: rows }, null, 2)}\n`;
}
