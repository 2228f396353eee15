import { faultOfMessages } from '../camera/fault.ts';
import { ClipRing } from '../clips/clip-ring.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { copyVideo } from '../ffmpeg/copy-video.ts';
import type { Input } from '../ffmpeg/input.ts';
import { startProcess } from '../ffmpeg/process.ts';
import type { Redactor } from '../ffmpeg/redactor.ts';

export interface StreamMeasures {
  /** Pictures per second that really came. */
  readonly fps: number;
  readonly bitsPerSecond: number;
  /** Mean time between key frames; undefined when fewer than two came. */
  readonly keyFrameIntervalMs: number | undefined;
  readonly seconds: number;
}

export interface MeasureOptions {
  readonly where: string;
  readonly redact: Redactor;
  readonly measureMs: number;
  readonly signal?: AbortSignal;
}

/** What ffmpeg gathered while it looked at the stream comes at once; measuring begins after it. */
const SETTLE_MS = 700;

/**
 * Reads a stream for a while, copying and decoding nothing, and measures what comes.
 * @throws CameraFaultError when it ends before anything came
 */
export async function measureStream(input: Input, options: MeasureOptions): Promise<StreamMeasures> {
  const { where, redact, measureMs, signal } = options;
  const process = startProcess({
    args: ffmpegArguments({
      input: { target: input.target, options: ['-loglevel', 'error', ...input.options] },
      outputs: [
        {
          target: 'pipe:1',
          options: [...copyVideo(input), '-f', 'mpegts', '-flush_packets', '1', '-muxdelay', '0'],
        },
      ],
    }),
    stdin: input.stdin,
    redact,
  });
  const counter = new ClipRing({ keepMs: 1, maxBytes: 32e6 });
  const keys: number[] = [];
  let startedAt: number | undefined;
  let bytes = 0;
  let pictures = 0;
  let settled = false;
  counter.follow(({ key }) => {
    if (key && settled) keys.push(performance.now());
  });
  const stop = (): void => void process.kill();
  signal?.addEventListener('abort', stop, { once: true });
  let timer = setTimeout(stop, 20_000 + measureMs);
  process.stdout.on('data', (chunk: Buffer) => {
    const now = performance.now();
    if (startedAt === undefined) {
      startedAt = now + SETTLE_MS;
      clearTimeout(timer);
      timer = setTimeout(stop, SETTLE_MS + measureMs);
    }
    settled = now >= startedAt;
    const before = counter.pictures;
    counter.push(chunk, now);
    if (!settled) return;
    bytes += chunk.length;
    pictures += counter.pictures - before;
  });
  const { messages } = await process.exited;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (startedAt === undefined) throw faultOfMessages(messages, where);
  const seconds = Math.max(0.001, (performance.now() - startedAt) / 1000);
  const [first] = keys;
  const last = keys.at(-1);
  const interval =
    keys.length > 1 && first !== undefined && last !== undefined
      ? (last - first) / (keys.length - 1)
      : undefined;
  return {
    fps: pictures / seconds,
    bitsPerSecond: (8 * bytes) / seconds,
    keyFrameIntervalMs: interval,
    seconds,
  };
}
