import { open, stat } from 'node:fs/promises';
import { CabinwatchError } from '../../core/index.ts';
import { fileInput } from '../ffmpeg/input.ts';
import type { MediaInfo, VideoInfo } from '../ffmpeg/media-info.ts';
import { probe } from '../ffmpeg/probe.ts';
import { startProcess } from '../ffmpeg/process.ts';

export interface VideoFile extends MediaInfo {
  readonly path: string;
  readonly video: VideoInfo;
}

/** What ffmpeg says of a file that ends before its own index does. */
const CUT_SHORT = /partial file|truncat|file ended prematurely/i;
/** Said of an MP4 without its index, but also of anything else that is merely called .mp4. */
const NO_INDEX = /moov atom not found/;

/** A video that ends this much before its stated length, in ms and as a share, has been cut. */
const MISSING_MS = 1000;
const MISSING_SHARE = 0.1;

/**
 * Opens a video file and reads through it once without decoding, so that damage is known before the work starts.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_EMPTY, INPUT_NOT_VIDEO, INPUT_TRUNCATED, DEPENDENCY_MISSING
 */
export async function inspectFile(path: string, signal?: AbortSignal): Promise<VideoFile> {
  await checkPlainFile(path);
  const { info, messages } = await probe(fileInput(path), { timeoutMs: 60_000, ...(signal && { signal }) });
  signal?.throwIfAborted();
  if (!info) {
    const said = messages.join('\n');
    if (CUT_SHORT.test(said) || (NO_INDEX.test(said) && (await startsAsMp4(path)))) throw truncated(path);
    throw new CabinwatchError(
      'INPUT_NOT_VIDEO',
      `${path} is not a video that ffmpeg can read. Check it with: ffprobe ${JSON.stringify(path)}`,
    );
  }
  if (!info.video) {
    const what = info.audio ? 'holds sound but no picture' : 'holds no picture';
    throw new CabinwatchError('INPUT_NOT_VIDEO', `${path} ${what}. Give a file with a video stream.`);
  }
  const file = { ...info, path, video: info.video };
  await readThrough(file, signal);
  return file;
}

async function checkPlainFile(path: string): Promise<void> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw new CabinwatchError('INPUT_NOT_FOUND', `${path} does not exist or cannot be read.`, { cause });
  });
  if (!facts.isFile()) {
    throw new CabinwatchError('INPUT_NOT_VIDEO', `${path} is not a file. Give the path of a video file.`);
  }
  if (facts.size === 0) throw new CabinwatchError('INPUT_EMPTY', `${path} is empty (0 bytes).`);
}

async function startsAsMp4(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.toString('latin1', 4) === 'ftyp';
  } finally {
    await file.close();
  }
}

function truncated(path: string, detail = ''): CabinwatchError {
  return new CabinwatchError(
    'INPUT_TRUNCATED',
    `${path} is damaged or was cut short${detail}. Copy it again from its source.`,
  );
}

async function readThrough(file: VideoFile, signal?: AbortSignal): Promise<void> {
  const args = ['-hide_banner', '-nostdin', '-v', 'error', '-progress', 'pipe:1', '-i', `file:${file.path}`];
  const process = startProcess({ args: [...args, '-map', '0:v:0', '-c', 'copy', '-f', 'null', '-'] });
  const stop = (): void => void process.kill();
  signal?.addEventListener('abort', stop, { once: true });
  let reachedMs = 0;
  let packets = 0;
  process.stdout.setEncoding('utf8').on('data', (text: string) => {
    reachedMs = Math.max(reachedMs, lastNumber(text, /^out_time_us=(\d+)/gm) / 1000);
    packets = Math.max(packets, lastNumber(text, /^frame=\s*(\d+)/gm));
  });
  const { messages } = await process.exited.finally(() => signal?.removeEventListener('abort', stop));
  signal?.throwIfAborted();
  if (CUT_SHORT.test(messages.join('\n'))) throw truncated(file.path);
  if (packets === 0) throw truncated(file.path, ': it holds no picture');
  const expected = file.video.durationMs ?? 0;
  const missing = expected - reachedMs;
  if (missing > MISSING_MS && missing > expected * MISSING_SHARE) {
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    throw truncated(file.path, `: it ends after ${seconds(reachedMs)} s of ${seconds(expected)} s`);
  }
}

function lastNumber(text: string, pattern: RegExp): number {
  let last = 0;
  for (const match of text.matchAll(pattern)) last = Number(match[1]);
  return last;
}
