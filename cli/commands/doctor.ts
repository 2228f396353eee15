import { type Command, Option } from 'commander';
import type { Config, DeepReadonly } from '../../config/index.ts';
import { CabinwatchError } from '../../core/index.ts';
import type { Finding } from '../doctor/finding.ts';
import { type Language, terminalLanguage } from '../language.ts';
import { createProgressLine } from '../progress-line.ts';

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
      'Checks Node, ffmpeg, the models, ports, STUN and TURN servers, CPU, memory, data folder, database and clock, and\n' +
        'estimates how many cameras this machine carries. Given a camera, looks at what it sends. Exit code 0: all fine; 1: something must be changed.',
    )
    .option(
      '--camera <url|id>',
      'an address to examine or, with --config, the id of a lift; no password is shown',
    )
    .option('--config <file>', 'take ports, storage, servers, models and lifts from this configuration')
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
  const { api, media, controllers, storage, signaling, models } = config;
  const url = flags.camera && cameraAddress(flags.camera, config);
  const progress = createProgressLine(process.stderr, () => performance.now());
  try {
    // The camera first: measuring this machine would disturb what is measured of it.
    progress.update('looking at the camera for some seconds');
    const camera = url ? await (await import('../doctor/check-camera.ts')).checkCamera(url) : [];
    progress.update('measuring this machine');
    const machine = await examineMachine({
      modelsDir: flags.models ?? DEFAULT_MODELS_DIR,
      ports: [
        { host: api.host, port: api.port, key: 'api.port' },
        { host: media.bind, port: media.httpPort, key: 'media.httpPort' },
        { host: media.bind, port: media.rtmpPort, key: 'media.rtmpPort' },
        ...(controllers.mqtt
          ? []
          : [{ host: controllers.bind, port: controllers.port, key: 'controllers.port' }]),
      ],
      storage: { ...storage, url: storage.url ?? process.env.DATABASE_URL },
      ice: { ...signaling.turn, secret: signaling.turn.secret },
      detector: models.detector,
      pose: models.pose,
    });
    return [...machine, ...camera];
  } finally {
    progress.clear();
  }
}

/** @throws CabinwatchError CONFIG_INVALID for what is neither an address nor a lift with one */
function cameraAddress(text: string, { lifts }: DeepReadonly<Config>): string {
  if (text.includes('://')) return text;
  const url = lifts.find((lift) => lift.id === text)?.camera.url;
  if (url !== undefined) return url;
  throw new CabinwatchError(
    'CONFIG_INVALID',
    '--camera expects an address (rtsp://…) or, with --config, the id of a lift whose camera has a url.',
  );
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
