import { CabinwatchError, type Frame, FramePool, type FrameSource } from '../../core/index.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { FrameCutter } from '../ffmpeg/frame-cutter.ts';
import { fileInput } from '../ffmpeg/input.ts';
import { startProcess } from '../ffmpeg/process.ts';
import { DEFAULT_WIDTH, inferenceSize, type PictureSize } from '../ffmpeg/size.ts';
import { inspectFile, type VideoFile } from './inspect-file.ts';

export interface FileSourceOptions {
  readonly path: string;
  readonly liftId: string;
  /** Pictures per second of media time. Default 5; never more than the file's own rate. */
  readonly fps?: number;
  /** Largest width of the pictures, pixels. Default 640. */
  readonly width?: number;
  readonly signal?: AbortSignal;
}

export interface FileSource extends FrameSource {
  readonly file: VideoFile;
  /** The rate frames really come at, per second of media time. */
  readonly fps: number;
  readonly size: PictureSize;
}

/**
 * Frames of a video file: number k has the picture shown at k/fps seconds and `ts` k·1000/fps ms, whatever rate
 * the file itself has. Nothing is dropped: who reads slowly slows ffmpeg down. Each `frames()` starts anew.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_EMPTY, INPUT_NOT_VIDEO, INPUT_TRUNCATED, DEPENDENCY_MISSING
 */
export async function createFileSource(options: FileSourceOptions): Promise<FileSource> {
  const { path, liftId, fps: wanted = 5, width = DEFAULT_WIDTH, signal } = options;
  const file = await inspectFile(path, signal);
  const fps = Math.min(wanted, file.video.fps ?? wanted);
  const size = inferenceSize(file.video, width);
  return { liftId, file, fps, size, frames: (abort) => readFrames({ file, liftId, fps, size }, abort) };
}

interface Reading {
  readonly file: VideoFile;
  readonly liftId: string;
  readonly fps: number;
  readonly size: PictureSize;
}

async function* readFrames(reading: Reading, signal: AbortSignal): AsyncGenerator<Frame> {
  if (signal.aborted) return;
  const { file, liftId, fps, size } = reading;
  const ready: Frame[] = [];
  const cutter = new FrameCutter({
    liftId,
    ...size,
    timeOf: (index) => (index * 1000) / fps,
    onFrame: (frame) => ready.push(frame),
    pool: new FramePool(),
  });
  const process = startProcess({ args: argumentsFor(reading) });
  const stop = (): void => void process.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    // Reading by iteration stops the pipe while the consumer is busy, and with it ffmpeg.
    for await (const chunk of process.stdout) {
      cutter.push(chunk as Uint8Array);
      for (let frame = ready.shift(); frame; frame = ready.shift()) {
        if (signal.aborted) return frame.close();
        yield frame;
      }
    }
    const { code, messages } = await process.exited;
    if (signal.aborted) return;
    if (code !== 0 || cutter.count === 0) {
      const why = messages.at(-1) ?? `ffmpeg ended with code ${code}`;
      throw new CabinwatchError('INPUT_TRUNCATED', `${file.path} could not be decoded: ${why}`);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    for (const frame of ready) frame.close();
    await process.kill();
  }
}

function argumentsFor({ file, fps, size }: Reading): string[] {
  // start_time=0: a video that starts later than its sound is filled from its first picture, so that k is k/fps.
  const filters = `fps=${fps}:start_time=0,scale=${size.width}:${size.height}:flags=bilinear+bitexact`;
  const picture = ['-map', '0:v:0', '-an', '-sn', '-dn', '-vf', filters, '-fps_mode', 'passthrough'];
  return ffmpegArguments({
    input: { ...fileInput(file.path), options: ['-v', 'error'] },
    outputs: [{ target: 'pipe:1', options: [...picture, '-f', 'rawvideo', '-pix_fmt', 'rgb24'] }],
  });
}
