import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { CabinwatchError, type Logger } from '../../core/index.ts';
import { loadCalmingMessages } from './load-messages.ts';
import type { CalmingLanguage, CalmingOptions } from './options.ts';
import { type CalmingScript, clipsOf, MINUTE_STEPS } from './script.ts';

const run = promisify(execFile);

/** Slower than its usual 175 words a minute: calm, and understood against a fan. */
const VOICES: Readonly<Record<CalmingLanguage, readonly string[]>> = Object.freeze({
  zh: ['-v', 'cmn', '-s', '150', '-p', '45', '-g', '2'],
  en: ['-v', 'en-gb', '-s', '140', '-p', '45', '-g', '2'],
});
const RECORDED = new Set(['.ogg', '.opus', '.mp3', '.m4a', '.wav', '.webm']);

export interface CalmingAudioDeps {
  /** Where the files go; what is there already is not made again. */
  readonly outDir: string;
  /** Under which the page finds `outDir`, without a slash at its end. */
  readonly baseUrl: string;
  readonly logger: Logger;
}

/**
 * The script of a cabin with a recording for each message: the owner's own, or one made by espeak-ng and ffmpeg. Where these
 * are missing the browser speaks instead, and the log says so.
 * @throws CabinwatchError CONFIG_INVALID for messages or a folder of recordings that cannot be used
 */
export async function buildCalming(options: CalmingOptions, deps: CalmingAudioDeps): Promise<CalmingScript> {
  const { outDir, baseUrl, logger } = deps;
  const messages = await loadCalmingMessages(options.messagesFile);
  await mkdir(outDir, { recursive: true });
  const own = await ownRecordings(options.recordingsDir);
  const there = new Set(await readdir(outDir));
  const clips: Record<string, string> = {};
  let missing = 0;
  for (const { clip, ...texts } of messages.flatMap(clipsOf))
    for (const language of options.languages) {
      const key = `${clip}.${language}`;
      const recorded = own.get(key);
      // The name tells what is in it, so that browsers may keep it for ever.
      const name = recorded
        ? `${key}${extname(recorded)}`
        : `${key}.${digest([...VOICES[language], texts[language]].join('\n'))}.ogg`;
      try {
        if (recorded) await copyFile(recorded, join(outDir, name));
        else if (!there.has(name)) await speak(texts[language], language, join(outDir, name));
        clips[key] = `${baseUrl}/${name}`;
      } catch (error) {
        if (missing === 0)
          logger.warn(
            { err: error },
            'calming messages could not be recorded, so browsers speak them as well as they can; install espeak-ng and ffmpeg',
          );
        missing += 1;
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') break;
      }
    }
  const { firstSeconds, pauseSeconds, languages } = options;
  return { firstSeconds, pauseSeconds, languages, messages, minuteSteps: MINUTE_STEPS, clips };
}

async function speak(text: string, language: CalmingLanguage, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-speech-'));
  try {
    const wav = join(folder, 'speech.wav');
    const ogg = join(folder, 'speech.ogg');
    await run('espeak-ng', [...VOICES[language], '-w', wav, text]);
    // All equally loud, and nothing below what a small loudspeaker can give.
    const filters = 'highpass=f=120,loudnorm=I=-18:TP=-2,aresample=48000';
    await run('ffmpeg', ['-v', 'error', '-i', wav, '-af', filters, '-c:a', 'libopus', '-b:a', '24k', ogg]);
    await copyFile(ogg, `${file}.part`);
    await rename(`${file}.part`, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** By `CLIP.LANGUAGE`. */
async function ownRecordings(folder: string | undefined): Promise<Map<string, string>> {
  if (folder === undefined) return new Map();
  try {
    const names = (await readdir(folder)).filter((name) => RECORDED.has(extname(name)));
    return new Map(names.map((name) => [name.slice(0, -extname(name).length), join(folder, name)]));
  } catch (cause) {
    throw new CabinwatchError('CONFIG_INVALID', `calming.recordingsDir: ${folder} cannot be read.`, {
      cause,
    });
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10);
