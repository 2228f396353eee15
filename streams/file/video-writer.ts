import { CabinwatchError } from '../../core/index.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { startProcess } from '../ffmpeg/process.ts';
import type { PictureSize } from '../ffmpeg/size.ts';

export interface VideoWriterOptions {
  readonly path: string;
  readonly size: PictureSize;
  readonly fps: number;
}

export interface VideoWriter {
  /** @param picture RGB24 of the writer's size; resolves when more may be written */
  write(picture: Uint8Array): Promise<void>;
  /** Finishes the file. @throws CabinwatchError OUTPUT_FAILED */
  finish(): Promise<void>;
  /** Gives up; the file is left unfinished. Idempotent. */
  close(): Promise<void>;
}

/** Writes pictures as an H.264 MP4 that browsers play while it still loads. */
export function createVideoWriter({ path, size, fps }: VideoWriterOptions): VideoWriter {
  const raw = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${size.width}x${size.height}`,
    '-r',
    String(fps),
  ];
  const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'];
  const process = startProcess({
    stdin: 'open',
    args: ffmpegArguments({
      input: { target: 'pipe:0', options: ['-v', 'error', ...raw] },
      outputs: [{ target: path, options: [...h264, '-movflags', '+faststart', '-f', 'mp4'] }],
    }),
  });
  const stdin = process.stdin!;
  process.stdout.resume();

  async function failure(): Promise<CabinwatchError> {
    const { code, messages } = await process.exited;
    const why = messages.at(-1) ?? `ffmpeg ended with code ${code}`;
    return new CabinwatchError('OUTPUT_FAILED', `${path} could not be written: ${why}`);
  }

  return {
    async write(picture) {
      const failed = await new Promise<unknown>((resolve) => stdin.write(picture, resolve));
      if (failed) throw await failure();
    },
    async finish() {
      stdin.end();
      const { code } = await process.exited;
      if (code !== 0) throw await failure();
    },
    close: () => process.kill(),
  };
}
