import { setTimeout as sleep } from 'node:timers/promises';
import type { CabinMedia, I420Picture, PcmChunk } from '../../core/index.ts';
import type { ClipRing } from '../clips/clip-ring.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import type { MediaInfo } from '../ffmpeg/media-info.ts';
import { decodeRing } from './follow-ring.ts';
import { pieces } from './pieces.ts';

export interface RingMediaDeps {
  readonly ring: ClipRing;
  /** What the camera sends now; undefined while it is away. */
  readonly info: () => MediaInfo | undefined;
}

/** Wide enough to see how people are, and cheap to encode. */
const WIDTH = 640;
/** On average, however they come: sound in long packets holds back pictures, which then come in twos and threes. */
const FPS = 15;
const AHEAD = 3;
const SAMPLE_RATE = 48_000;
/** 20 ms. */
const CHUNK_BYTES = (SAMPLE_RATE / 50) * 2;
/** A camera that is away is looked for so often, ms. */
const AWAY_MS = 500;

/** A camera's picture and sound for a call, decoded out of what is kept of it anyway: the camera is asked for nothing more. */
export function ringMedia({ ring, info }: RingMediaDeps): CabinMedia {
  const again = async function* <T>(
    signal: AbortSignal,
    read: (now: MediaInfo) => AsyncIterable<T> | undefined,
  ): AsyncGenerator<T> {
    while (!signal.aborted) {
      const now = info();
      const reading = now && read(now);
      if (reading) yield* reading;
      await sleep(AWAY_MS, undefined, { signal }).catch(() => {});
    }
  };
  return {
    video: (signal) => again(signal, ({ video }) => video && pictures(ring, video, signal)),
    ...(info()?.audio && { audio: (signal) => again(signal, ({ audio }) => audio && sound(ring, signal)) }),
  };
}

async function* pictures(
  ring: ClipRing,
  camera: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): AsyncGenerator<I420Picture> {
  const width = Math.min(WIDTH, even(camera.width));
  const height = even((width * camera.height) / camera.width);
  // By time of arrival: a camera's own clock may stand still or race.
  const filters = [
    'setpts=(RTCTIME-RTCSTART)/(TB*1000000)',
    `select='lt(selected_n\\,t*${FPS}+${AHEAD})'`,
    `scale=${width}:${height}:flags=bilinear`,
  ].join(',');
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-fps_mode', 'passthrough'];
  const process = decodeRing(ring, command(['-map', '0:v:0', '-vf', filters, ...raw]), signal);
  const size = (width * height * 3) / 2;
  for await (const data of pieces(process.stdout, size)) yield { width, height, data };
}

async function* sound(ring: ClipRing, signal: AbortSignal): AsyncGenerator<PcmChunk> {
  const raw = ['-map', '0:a:0', '-ac', '1', '-ar', String(SAMPLE_RATE), '-f', 's16le', '-flush_packets', '1'];
  const process = decodeRing(ring, command(raw), signal);
  for await (const { buffer, byteOffset, byteLength } of pieces(process.stdout, CHUNK_BYTES)) {
    const samples = new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
    yield { sampleRate: SAMPLE_RATE, channels: 1, samples };
  }
}

function command(options: readonly string[]): string[] {
  // Not `nobuffer`: it throws away what was looked at, the key frame with it, and the picture begins at the next one.
  const probing = ['-flags', 'low_delay', '-analyzeduration', '300000'];
  return ffmpegArguments({
    input: { target: 'pipe:0', options: ['-loglevel', 'error', ...probing, '-threads', '1', '-f', 'mpegts'] },
    outputs: [{ target: 'pipe:1', options }],
  });
}

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));
