import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ffmpegVersion } from '../../streams/index.ts';

const run = promisify(execFile);

/** The camera of the estimate: what cabin cameras' second streams usually send. */
export const TYPICAL_CAMERA = Object.freeze({ width: 640, height: 360, fps: 15 });
const MEDIA_SECONDS = 20;

/** `bench: utime=0.281s stime=0.042s rtime=0.352s` */
export function parseBenchmark(text: string): number | undefined {
  const match = /utime=([\d.]+)s stime=([\d.]+)s/.exec(text);
  return match ? Number(match[1]) + Number(match[2]) : undefined;
}

/** CPU seconds that ffmpeg needs for one second of a typical camera: decode all, scale what is looked at. */
export async function measureDecodeLoad(looksPerSecond: number): Promise<number | undefined> {
  const { path } = await ffmpegVersion();
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-doctor-'));
  const clip = join(folder, 'camera.mp4');
  const { width, height, fps } = TYPICAL_CAMERA;
  const source = `testsrc2=size=${width}x${height}:rate=${fps}:duration=${MEDIA_SECONDS}`;
  try {
    const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '30', clip];
    await run(path, ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', source, ...encode]);
    const decode = ['-threads', '1', '-i', clip, '-vf', `fps=${looksPerSecond}`, '-pix_fmt', 'rgb24'];
    const { stderr } = await run(path, ['-nostdin', '-benchmark', ...decode, '-f', 'null', '-']);
    const seconds = parseBenchmark(stderr);
    return seconds === undefined ? undefined : seconds / MEDIA_SECONDS;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
