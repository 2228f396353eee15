import { CabinwatchError, type CallFilm } from '../../core/index.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { type FfmpegProcess, startProcess } from '../ffmpeg/process.ts';
import type { PictureSize } from '../ffmpeg/size.ts';
import { CallTimeline } from './call-timeline.ts';
import { SOUND_RATE } from './sound-track.ts';

export interface CallRecordingOptions {
  /** Where the file grows, as fragmented MP4: playable at every moment, to its last second or two. See `mendRecording`. */
  readonly path: string;
  readonly fps: number;
  /** What the file's first moment is, epoch ms; stands in its metadata. */
  readonly startedAt: number;
  /** It then ends by itself. */
  readonly maxMs: number;
}

export interface CallRecordingDeps {
  /** Ms on a clock that is never set. Default: the process's own. */
  readonly steady?: () => number;
}

export interface CallRecording extends CallFilm {
  /** Resolves when no more can be written, with the reason; what has been stays. */
  readonly failed: Promise<CabinwatchError>;
  /** Of what has been written, ms. */
  readonly durationMs: number;
  /** Writes what is left; idempotent. Never throws: see `failed`. */
  close(): Promise<void>;
}

/** What arrives late by less than this still finds its place, ms. */
const LAG_MS = 500;
const PUMP_MS = 200;
/** An encoder that has not written the rest by then is ended, ms. */
const FINISH_MS = 15_000;
/** Pictures that wait for an encoder which does not keep up, bytes: about ten seconds of 640×360. */
const MOST_WAITING = 32 * 1024 * 1024;

/** One call's recording, H.264 and AAC by one ffmpeg; both sides as they arrive. */
export function startCallRecording(
  options: CallRecordingOptions,
  { steady = () => performance.now() }: CallRecordingDeps = {},
): CallRecording {
  const { path, fps, startedAt, maxMs } = options;
  const began = steady();
  const at = (): number => steady() - began;
  const timeline = new CallTimeline(fps);
  let encoder: FfmpegProcess | undefined;
  let ended = false;
  let closing: Promise<void> | undefined;
  let fail: (error: CabinwatchError) => void = () => {};
  const failed = new Promise<CabinwatchError>((resolve) => {
    fail = (error) => {
      ended = true;
      clearInterval(timer);
      resolve(error);
    };
  });

  function start(size: PictureSize): FfmpegProcess {
    const process = startProcess({
      args: encoderArguments(path, fps, size, startedAt),
      stdin: 'open',
      extraPipe: true,
      niceness: 5,
    });
    process.stdout.resume();
    process.extra?.on('error', () => {}); // its exit says why
    // Nothing comes back; but a pipe that nobody reads would keep the exit from being seen.
    process.extra?.resume();
    void process.exited.then(
      ({ code, messages }) => {
        // The first error is the cause of those that follow.
        if (!ended) fail(unwritable(messages[0] ?? `ffmpeg ended with code ${code}`));
      },
      (error: CabinwatchError) => fail(error),
    );
    return process;
  }

  function write(until: number): void {
    const { pictures, sound } = timeline.takeUntil(Math.min(until, maxMs));
    if (!timeline.size) return;
    encoder ??= start(timeline.size);
    for (const picture of pictures) encoder.extra?.write(picture);
    encoder.stdin?.write(new Uint8Array(sound.buffer));
    if ((encoder.extra?.writableLength ?? 0) > MOST_WAITING)
      fail(unwritable('this machine is too slow for it just now'));
    else if (until >= maxMs)
      fail(unwritable(`${Math.round(maxMs / 60_000)} minutes are as long as it may get`));
    if (ended) void close();
  }

  async function close(): Promise<void> {
    closing ??= (async () => {
      clearInterval(timer);
      if (!ended) write(at());
      ended = true;
      encoder?.stdin?.end();
      encoder?.extra?.end();
      const patience = setTimeout(() => void encoder?.kill(), FINISH_MS);
      await encoder?.exited.catch(() => {});
      clearTimeout(patience);
    })();
    return closing;
  }

  const timer = setInterval(() => write(at() - LAG_MS), PUMP_MS);
  return {
    failed,
    get durationMs() {
      return timeline.durationMs;
    },
    picture: (side, picture) => {
      if (!ended) timeline.picture(side, picture, at());
    },
    sound: (side, chunk) => {
      if (!ended) timeline.sound(side, chunk, at());
    },
    close,
  };
}

function encoderArguments(path: string, fps: number, size: PictureSize, startedAt: number): string[] {
  const { width, height } = size;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', String(fps)];
  return ffmpegArguments({
    input: { target: 'pipe:3', options: ['-loglevel', 'error', '-thread_queue_size', '64', ...raw] },
    moreInputs: [
      {
        target: 'pipe:0',
        options: ['-thread_queue_size', '64', '-f', 's16le', '-ar', String(SOUND_RATE), '-ac', '2'],
      },
    ],
    outputs: [
      {
        target: `file:${path}`,
        options: [
          ...['-map', '0:v:0', '-map', '1:a:0'],
          // Without lookahead: what the encoder holds back is lost if it is killed.
          ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-crf', '26'],
          ...['-threads', '1', '-g', String(fps * 2), '-pix_fmt', 'yuv420p'],
          ...['-c:a', 'aac', '-b:a', '96k'],
          ...['-metadata', `creation_time=${new Date(startedAt).toISOString()}`],
          ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '1000000'],
          ...['-flush_packets', '1', '-f', 'mp4'],
        ],
      },
    ],
  });
}

const unwritable = (why: string): CabinwatchError =>
  new CabinwatchError('OUTPUT_FAILED', `The call is no longer recorded: ${why}.`);
