import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CabinwatchError } from '../../../core/index.ts';

export interface ClipWriter {
  /** One RGB picture, top row first. */
  write(rgb: Uint8Array): Promise<void>;
  /** Ends the file; rejects when ffmpeg was not content. */
  finish(): Promise<void>;
  abort(): void;
}

export interface ClipOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** x264 CRF. */
  readonly quality: number;
}

/** An H.264 MP4 that every player and browser takes, with a key frame every two seconds for live players to join at. */
export function writeClip(path: string, options: ClipOptions): ClipWriter {
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24'],
    ...['-s', `${options.width}x${options.height}`, '-r', String(options.fps), '-i', 'pipe:0'],
    ...[
      '-c:v',
      'libx264',
      '-preset',
      'slow',
      '-crf',
      String(options.quality),
      '-bf',
      '0',
      '-g',
      String(options.fps * 2),
    ],
    ...['-pix_fmt', 'yuv420p', '-threads', '1', '-movflags', '+faststart', '-fflags', '+bitexact', path],
  ];
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  ffmpeg.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = new Promise<void>((resolve, reject) => {
    ffmpeg.on('error', (cause) =>
      reject(
        new CabinwatchError('DEPENDENCY_MISSING', 'ffmpeg is needed to write clips: install it', { cause }),
      ),
    );
    ffmpeg.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new CabinwatchError(
            'INFERENCE_FAILED',
            `ffmpeg could not write ${path}: ${complaint.trim() || `exit ${code}`}`,
          ),
        );
    });
  });
  ended.catch(() => {});
  // A broken pipe shows in the exit code, which says more.
  ffmpeg.stdin.on('error', () => {});
  return {
    async write(rgb) {
      if (!ffmpeg.stdin.write(rgb)) await Promise.race([once(ffmpeg.stdin, 'drain'), ended]);
    },
    async finish() {
      ffmpeg.stdin.end();
      await ended;
    },
    abort() {
      ffmpeg.kill('SIGKILL');
    },
  };
}
