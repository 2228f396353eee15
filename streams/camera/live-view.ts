import type { Logger } from '../../core/index.ts';
import type { ClipRing, LivePart } from '../clips/clip-ring.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { type FfmpegProcess, startProcess } from '../ffmpeg/process.ts';
import type { MediaServer } from '../media-server/media-server.ts';

export interface LiveViewDeps {
  readonly cameraId: string;
  /** What the camera sends. */
  readonly codec: string;
  readonly ring: ClipRing;
  readonly media: MediaServer;
  readonly logger: Logger;
}

/** Who looks away for a moment need not wait for a new start. */
const LINGER_MS = 5000;
/** More than this waiting for ffmpeg means that the machine is too slow for it, bytes. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/** What FLV as everybody reads it carries; anything else (H.265) is made into it. */
const FLV_CODEC = 'h264';

/**
 * A camera's live view: published while somebody watches and not otherwise, out of the stream that comes for the
 * clips anyway, so that the camera is not asked for a second one and a camera that nobody watches costs nothing more.
 */
export class LiveView {
  readonly #deps: LiveViewDeps;
  readonly #unsubscribe: () => void;
  #process: FfmpegProcess | undefined;
  #stopFollowing: (() => void) | undefined;
  #linger: NodeJS.Timeout | undefined;
  #revoke: (() => void) | undefined;
  #closed = false;

  constructor(deps: LiveViewDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.media.on('viewers', ({ cameraId, count }) => {
      if (cameraId === deps.cameraId) this.#watched(count > 0);
    });
    this.#watched(deps.media.viewers(deps.cameraId) > 0);
  }

  get codec(): string {
    return this.#deps.codec;
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#linger);
    await this.#stop();
  }

  #watched(watched: boolean): void {
    clearTimeout(this.#linger);
    if (!watched) this.#linger = setTimeout(() => void this.#stop(), LINGER_MS);
    else if (!this.#process) this.#start();
  }

  #start(): void {
    if (this.#closed) return;
    const { ring, media, cameraId, codec, logger } = this.#deps;
    const { url, revoke } = media.openPublisher(cameraId);
    const process = startProcess({ args: liveArguments(url, codec), stdin: 'open', niceness: 10 });
    process.stdout.resume();
    this.#process = process;
    this.#revoke = revoke;
    // From the last key frame on, rather than from the next.
    const now = ring.lastAt;
    const begun = now === undefined ? undefined : ring.cut(now, now);
    let connection = begun?.connection;
    for (const { bytes } of begun?.parts ?? []) process.stdin?.write(bytes);
    this.#stopFollowing = ring.follow((part: LivePart) => {
      if (connection === undefined && !part.key) return;
      if (connection === undefined) process.stdin?.write(part.header);
      connection ??= part.connection;
      // Another connection has other times and perhaps another size: begin anew.
      if (part.connection !== connection || (process.stdin?.writableLength ?? 0) > MAX_BACKLOG) {
        void this.#stop();
        return;
      }
      process.stdin?.write(part.bytes);
    });
    void process.exited
      .catch(() => {})
      .then(() => {
        if (this.#process !== process) return;
        logger.warn({}, 'live view had to be started again');
        this.#forget();
        this.#again();
      });
  }

  #again(): void {
    const { media, cameraId } = this.#deps;
    if (!this.#closed && media.viewers(cameraId) > 0) {
      this.#linger = setTimeout(() => this.#watched(media.viewers(cameraId) > 0), 1000);
    }
  }

  async #stop(): Promise<void> {
    const process = this.#process;
    this.#forget();
    await process?.kill();
    if (!this.#process) this.#again();
  }

  #forget(): void {
    this.#stopFollowing?.();
    this.#revoke?.();
    this.#process = undefined;
    this.#stopFollowing = undefined;
    this.#revoke = undefined;
  }
}

function liveArguments(target: string, codec: string): string[] {
  const probing = ['-fflags', 'nobuffer', '-fpsprobesize', '0', '-analyzeduration', '500000'];
  const picture = codec === FLV_CODEC ? ['-c:v', 'copy'] : TO_H264;
  const flv = ['-c:a', 'copy', '-f', 'flv', '-flvflags', 'no_duration_filesize'];
  return ffmpegArguments({
    input: { target: 'pipe:0', options: ['-loglevel', 'error', ...probing, '-threads', '1', '-f', 'mpegts'] },
    outputs: [{ target, options: ['-map', '0:v:0', '-map', '0:a:0?', ...picture, ...flv] }],
  });
}

const TO_H264 = [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '30'],
  ...['-vf', "scale='min(1280,iw)':-2", '-maxrate', '2M', '-bufsize', '2M'],
];
