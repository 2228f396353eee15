import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../../core/index.ts';
import { MARK, PICTURE, paintMark } from './time-mark.ts';

/** A file, or a part of it: `clip.mp4#t=12,30` (seconds, as in W3C media fragments). */
export interface ClipPart {
  readonly file: string;
  readonly from: number;
  readonly to: number | undefined;
}

export interface MarkedClip {
  readonly file: string;
  readonly pictures: number;
}

export const CAMERA_FPS = 15;

export function clipPart(text: string): ClipPart {
  const match = /^(.*)#t=([\d.]+)(?:,([\d.]+))?$/.exec(text);
  if (!match) return { file: text, from: 0, to: undefined };
  return {
    file: match[1]!,
    from: Number(match[2]),
    to: match[3] === undefined ? undefined : Number(match[3]),
  };
}

/**
 * What a cabin camera sends: 640×360 H.264 at 15 fps, a key frame every 2 s, no B-frames, about 0.6 Mbit/s, with the
 * mark painted in. Shorter sources are repeated. Kept in `.cache/bench`.
 */
export async function markedClip(source: string, seconds: number): Promise<MarkedClip> {
  const part = clipPart(source);
  const pictures = Math.min(MARK.count, Math.round(seconds * CAMERA_FPS));
  const { size, mtimeMs } = await stat(part.file);
  const key = JSON.stringify([source, size, mtimeMs, pictures, ENCODE, 1]);
  const folder = path.join(projectRoot(), '.cache', 'bench');
  const file = path.join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.mp4`);
  if (await stat(file).catch(() => undefined)) return { file, pictures };
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}.mp4`;
  await encode(part, pictures, draft);
  await rename(draft, file);
  return { file, pictures };
}

const ENCODE = [
  ...[
    '-c:v',
    'libx264',
    '-profile:v',
    'main',
    '-preset',
    'veryfast',
    '-bf',
    '0',
    '-g',
    String(2 * CAMERA_FPS),
  ],
  ...['-b:v', '600k', '-maxrate', '900k', '-bufsize', '900k', '-pix_fmt', 'yuv420p'],
];

async function encode({ file, from, to }: ClipPart, pictures: number, out: string): Promise<void> {
  const { width, height } = PICTURE;
  const trim = to === undefined ? `trim=start=${from}` : `trim=start=${from}:end=${to}`;
  const cabin = [
    trim,
    'setpts=PTS-STARTPTS',
    `fps=${CAMERA_FPS}`,
    `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height},setsar=1`,
    `loop=-1:size=${pictures}`,
    `setpts=N/${CAMERA_FPS}/TB`,
  ].join(',');
  const args = [
    ...['-v', 'error', '-nostdin', '-i', file],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${MARK.width}x${MARK.height}`, '-r', String(CAMERA_FPS)],
    ...['-i', 'pipe:0'],
    ...['-filter_complex', `[0:v]${cabin}[cabin];[cabin][1:v]overlay=${MARK.x}:${MARK.y}:shortest=1`],
    ...['-frames:v', String(pictures), ...ENCODE, '-an', '-y', out],
  ];
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'inherit'] });
  ffmpeg.stdin.on('error', () => {}); // it may have all it needs before the last mark; its exit code tells
  const exit = once(ffmpeg, 'exit');
  for (let index = 0; index < pictures; index++) {
    if (!ffmpeg.stdin.write(paintMark(index)) && ffmpeg.exitCode === null) {
      await Promise.race([once(ffmpeg.stdin, 'drain'), exit]);
    }
  }
  ffmpeg.stdin.end();
  const [code] = await exit;
  if (code !== 0) throw new Error(`ffmpeg could not make a marked clip of ${file} (exit ${code})`);
}
