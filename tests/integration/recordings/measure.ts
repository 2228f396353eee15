import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { I420Picture, PcmChunk } from '../../../core/index.ts';

const run = promisify(execFile);
const bytes = { encoding: 'buffer', maxBuffer: 1 << 28 } as const;

export interface Measured {
  readonly durationMs: number;
  /** Of the file's metadata, epoch ms; whole seconds. */
  readonly createdAt: number;
  readonly size: string;
  /** Codecs by kind. */
  readonly codecs: Readonly<Record<string, string>>;
}

/** @throws where ffprobe finds anything wrong */
export async function measure(path: string): Promise<Measured> {
  const { stdout, stderr } = await run('ffprobe', [
    '-v',
    'error',
    '-of',
    'json',
    '-show_format',
    '-show_streams',
    path,
  ]);
  if (stderr) throw new Error(stderr);
  const { streams, format } = JSON.parse(stdout);
  const video = streams.find((one: { codec_type: string }) => one.codec_type === 'video');
  return {
    durationMs: Number(format.duration) * 1000,
    createdAt: Date.parse(format.tags.creation_time),
    size: `${video.width}x${video.height}`,
    codecs: Object.fromEntries(
      streams.map((one: { codec_type: string; codec_name: string }) => [one.codec_type, one.codec_name]),
    ),
  };
}

/** The share of a channel's energy (0 left, 1 right) that a tone has, in tenths of a second. */
export async function toneShares(path: string, channel: 0 | 1, hertz: number): Promise<number[]> {
  const args = ['-v', 'error', '-i', path, '-map', '0:a', '-f', 's16le', '-ac', '2', '-ar', '48000', '-'];
  const { stdout } = await run('ffmpeg', args, bytes);
  const all = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.byteLength >> 1);
  const shares: number[] = [];
  for (let from = 0; from + 9600 <= all.length; from += 9600) {
    const own = Float64Array.from({ length: 4800 }, (_, i) => all[from + i * 2 + channel]!);
    shares.push(shareOf(own, hertz));
  }
  return shares;
}

/** Goertzel: power at one frequency beside the whole; silence is 0. */
function shareOf(samples: Float64Array, hertz: number): number {
  const turn = (2 * Math.PI * hertz) / 48_000;
  let [re, im, energy] = [0, 0, 0];
  for (const [i, sample] of samples.entries()) {
    re += sample * Math.cos(turn * i);
    im += sample * Math.sin(turn * i);
    energy += sample * sample;
  }
  return energy < samples.length * 100 ? 0 : (2 * (re * re + im * im)) / (samples.length * energy);
}

/** Mean colour of a part of every picture, as RGB; parts are `width:height:x:y` of ffmpeg's crop. */
export async function colours(path: string, crop: string): Promise<[number, number, number][]> {
  const filter = `crop=${crop},scale=1:1:flags=area`;
  const args = ['-v', 'error', '-i', path, '-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const { stdout } = await run('ffmpeg', args, bytes);
  return Array.from({ length: stdout.length / 3 }, (_, i) => [...stdout.subarray(i * 3, i * 3 + 3)] as never);
}

/** Of BT.601, as WebRTC has it. */
export const GREEN = [145, 54, 34] as const;
export const RED = [81, 90, 240] as const;

export function plain(width: number, height: number, [y, u, v]: readonly number[]): I420Picture {
  const data = new Uint8Array(width * height * 1.5).fill(y!);
  data.fill(u!, width * height, width * height * 1.25);
  data.fill(v!, width * height * 1.25);
  return { width, height, data };
}

/** The nth 10 ms of a tone. */
export function tone(n: number, hertz: number): PcmChunk {
  const turn = (2 * Math.PI * hertz) / 48_000;
  const samples = Int16Array.from({ length: 480 }, (_, i) => 8000 * Math.sin(turn * (n * 480 + i)));
  return { sampleRate: 48_000, channels: 1, samples };
}
