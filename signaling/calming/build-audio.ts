import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
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
/**
 * Nothing below what a small loudspeaker can give, and about -16 LUFS. espeak-ng speaks evenly, so this is a fixed gain: loudnorm in
 * one pass turns whatever is shorter than 3 s down to nothing.
 */
const FILTERS = 'highpass=f=120,volume=4dB,alimiter=limit=0.9:level=disabled,aresample=48000';
const RECORDED = new Set(['.ogg', '.opus', '.mp3', '.m4a', '.wav', '.webm']);

export interface CalmingAudioDeps {
  /** Where the files go; what is there already is not made again. */
  readonly outDir: string;
  /** Under which the page finds `outDir`, without a slash at its end. */
  readonly baseUrl: string;
  readonly logger: Logger;
  /** Leaves out what is not recorded yet. */
  readonly signal?: AbortSignal;
}

/**
 * The script without recordings: browsers speak all of it.
 * @throws CabinwatchError CONFIG_INVALID for messages or a folder of recordings that cannot be used
 */
export async function draftCalming(options: CalmingOptions): Promise<CalmingScript> {
  const messages = await loadCalmingMessages(options.messagesFile);
  await ownRecordings(options.recordingsDir);
  const { firstSeconds, pauseSeconds, languages } = options;
  return { firstSeconds, pauseSeconds, languages, messages, minuteSteps: MINUTE_STEPS, clips: {} };
}

/**
 * The script of a cabin with a recording for each message: the owner's own, or one made by espeak-ng and ffmpeg, which takes a
 * quarter of a minute the first time. Where these are missing the browser speaks instead, and the log says so.
 * @throws CabinwatchError CONFIG_INVALID for messages or a folder of recordings that cannot be used
 */
export async function buildCalming(options: CalmingOptions, deps: CalmingAudioDeps): Promise<CalmingScript> {
  const { outDir, baseUrl, logger, signal } = deps;
  const draft = await draftCalming(options);
  await mkdir(outDir, { recursive: true });
  const own = await ownRecordings(options.recordingsDir);
  const there = new Set(await readdir(outDir));
  const clips: Record<string, string> = {};
  let missing = 0;
  for (const { clip, ...texts } of draft.messages.flatMap(clipsOf))
    for (const language of options.languages) {
      if (signal?.aborted) continue;
      const key = `${clip}.${language}`;
      const recorded = own.get(key);
      try {
        // The name tells what is in it: screens keep what they have fetched.
        const name = recorded
          ? `${key}.${digest(await readFile(recorded))}${extname(recorded)}`
          : `${key}.${digest([...VOICES[language], FILTERS, texts[language]].join('\n'))}.ogg`;
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
      }
    }
  return { ...draft, clips };
}

async function speak(text: string, language: CalmingLanguage, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-speech-'));
  try {
    const wav = join(folder, 'speech.wav');
    const ogg = join(folder, 'speech.ogg');
    await run('espeak-ng', [...VOICES[language], '-w', wav, text]);
    await run('ffmpeg', ['-v', 'error', '-i', wav, '-af', FILTERS, '-c:a', 'libopus', '-b:a', '24k', ogg]);
    const part = `${file}.${process.pid}.part`;
    await copyFile(ogg, part);
    await rename(part, file);
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

const digest = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 10);
