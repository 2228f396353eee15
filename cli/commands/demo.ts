import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ClipVerdict, Demo, DemoClip } from '../../app/index.ts';
import { createLogger } from '../../core/index.ts';
import type { ReceivedAlarm } from '../../simulator/index.ts';
import { type AccountStyle, alarmLine, cameraLines, eventLine, table } from '../demo/account.ts';
import { LiveBlock } from '../demo/live-block.ts';
import { WORDS } from '../demo/words.ts';
import { type Language, terminalLanguage } from '../language.ts';
import { createProgressLine } from '../progress-line.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { wholeNumber } from '../whole-number.ts';

interface DemoFlags {
  readonly once: boolean;
  readonly json: boolean;
  readonly atOnce: number;
  readonly port: number;
  readonly clips: string;
  readonly lang?: Language;
}

const CLIPS = fileURLToPath(new URL('../../datasets/synthetic/clips/', import.meta.url));
const REDRAW_MS = 500;
/** Each is then looked at some five times a second. */
const CAMERAS_PER_CORE = 3;

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .summary('watch simulated cabins through the whole service')
    .description(
      'Plays synthetic cabins as RTSP cameras through the whole service: a watch page in the browser, and an account of\n' +
        'what each camera sees here. Ctrl-C ends it.',
    )
    .option(
      '--once',
      'play each clip once, compare what was seen with what is true, exit 0 only if all agree',
      false,
    )
    .option(
      '--at-once <n>',
      'with --once: cameras that play at a time; by default three a processor core',
      wholeNumber(1),
      CAMERAS_PER_CORE * availableParallelism(),
    )
    .option('--json', 'write the address and the events, or with --once the comparison, as JSON lines', false)
    .option('--port <n>', 'port of the watch page; another is taken if it is not free', portNumber, 8080)
    .option('--clips <folder>', 'folder of clips, each with clip.mp4 and truth.jsonl.gz', CLIPS)
    .addOption(new Option('--lang <language>', 'language of the account').choices(['zh', 'en']))
    .action(runDemo);
}

async function runDemo(flags: DemoFlags): Promise<void> {
  const { readDemoClips, startDemo } = await import('../../app/index.ts');
  const language = flags.lang ?? terminalLanguage(process.env);
  const clips = await readDemoClips(flags.clips);
  await untilInterrupted(async (signal) => {
    const logger = createLogger({ level: 'error' });
    const { port } = flags;
    if (!flags.json) process.stdout.write(`${WORDS[language].starting(clips.length)}\n`);
    signal.addEventListener('abort', () => {
      if (!flags.json) process.stdout.write(`${WORDS[language].stopping}\n`);
    });
    if (flags.once) {
      await compare(
        clips,
        (some) => startDemo({ clips: some, port, loop: false }, { logger }),
        flags,
        signal,
      );
      return;
    }
    const heard: Hearing = {};
    const demo = await startDemo(
      { clips, port, loop: true },
      { logger, onAlarm: (alarm) => heard.tell?.(alarm) },
    );
    try {
      await account(demo, heard, flags, language, signal);
    } finally {
      await demo.close();
    }
  });
}

/** Who is told of alarms, once there is somebody. */
interface Hearing {
  tell?: (alarm: ReceivedAlarm) => void;
}

/** Tells what is going on until interrupted. */
async function account(
  demo: Demo,
  heard: Hearing,
  flags: DemoFlags,
  language: Language,
  signal: AbortSignal,
): Promise<void> {
  const { state } = demo.app;
  const out = process.stdout;
  const style: AccountStyle = { language, colour: out.isTTY && process.env.NO_COLOR === undefined };
  const block = out.isTTY && !flags.json ? new LiveBlock(out) : undefined;
  const say = (line: string): void => {
    if (block) block.print(line);
    else out.write(`${line}\n`);
  };
  for (const line of welcome(demo, flags, language)) say(line);
  heard.tell = ({ message }) =>
    say(flags.json ? JSON.stringify({ alarm: message }) : alarmLine(message.data, style));
  const stop = state.subscribe((message) => {
    if (message.type !== 'event') return;
    const line = flags.json
      ? JSON.stringify(message.data)
      : eventLine(message.data, state.camera(message.data.cameraId).name, style);
    if (line !== undefined) say(line);
  });
  const redraw = setInterval(() => block?.show(cameraLines(state.cameras(), Date.now(), style)), REDRAW_MS);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(redraw);
  stop();
  block?.end();
}

function welcome({ app, receiver, mqtt, movedFrom }: Demo, flags: DemoFlags, language: Language): string[] {
  if (flags.json) return [JSON.stringify({ url: app.url, mqtt, receiver: receiver.url })];
  const words = WORDS[language];
  const url = flags.lang ? `${app.url}/?lang=${flags.lang}` : app.url;
  const moved = movedFrom === undefined ? [] : [words.moved(movedFrom)];
  // One in which there is something to say.
  const trapped = app.state.cameras().find(({ id }) => id.startsWith('entrapment'))?.id;
  return [
    ...moved,
    `${words.open(url)}  (${words.stop})`,
    words.controllers(mqtt.url, mqtt.password),
    words.receiver(receiver.url),
    ...(trapped ? [words.screen(`${app.url}/cabin/${trapped}#here`)] : []),
  ];
}

/** Plays every clip once and prints how what was said compares with what is true. */
async function compare(
  clips: readonly DemoClip[],
  start: (clips: readonly DemoClip[]) => Promise<Demo>,
  flags: DemoFlags,
  signal: AbortSignal,
): Promise<void> {
  const { playOnce } = await import('../../app/index.ts');
  const progress = createProgressLine(process.stderr, () => performance.now());
  const verdicts = await playOnce(clips, {
    atOnce: flags.atOnce,
    start,
    signal,
    onProgress: (done, all) => progress.update(`${done} of ${all} clips played`),
  });
  progress.clear();
  const lines = flags.json ? verdicts.map((v) => JSON.stringify(v)) : comparisonTable(verdicts);
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!verdicts.every((v) => v.agrees)) process.exitCode = 1;
}

function comparisonTable(verdicts: readonly ClipVerdict[]): string[] {
  const rows = verdicts.flatMap(({ clip, findings }) =>
    findings.map(({ expected, got, seconds, agrees }, i) => [
      i === 0 ? clip : '',
      expected,
      got,
      seconds === undefined ? '–' : `${seconds.toFixed(1)} s`,
      agrees ? 'agrees' : 'DISAGREES',
    ]),
  );
  const agreeing = verdicts.filter((v) => v.agrees).length;
  return [
    ...table([['scenario', 'expected', 'got', 'fault to alarm', ''], ...rows]),
    '',
    `${agreeing} of ${verdicts.length} scenarios agree with their truth.`,
  ];
}

function portNumber(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 0 && value <= 65_535)) {
    throw new InvalidArgumentError('expected a port, 0 to 65535.');
  }
  return value;
}
