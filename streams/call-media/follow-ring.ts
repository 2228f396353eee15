import type { ClipRing } from '../clips/clip-ring.ts';
import { type FfmpegProcess, startProcess } from '../ffmpeg/process.ts';

/** More than this waiting for ffmpeg means that the machine is too slow for it, bytes. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/**
 * An ffmpeg that is fed with a camera's stream, from the last key frame on, so that its first picture is there at once. It ends
 * with the signal, and when the camera connects anew: what comes then has other times and perhaps another size.
 */
export function decodeRing(ring: ClipRing, args: readonly string[], signal: AbortSignal): FfmpegProcess {
  const process = startProcess({ args, stdin: 'open', niceness: 5 });
  const { lastAt } = ring;
  const begun = lastAt === undefined ? undefined : ring.cut(lastAt, lastAt);
  let connection = begun?.connection;
  for (const { bytes } of begun?.parts ?? []) process.stdin?.write(bytes);
  const stop = (): void => {
    unfollow();
    signal.removeEventListener('abort', stop);
    void process.kill();
  };
  const unfollow = ring.follow((part) => {
    if (connection === undefined && !part.key) return;
    if (connection === undefined) process.stdin?.write(part.header);
    connection ??= part.connection;
    if (part.connection !== connection || (process.stdin?.writableLength ?? 0) > MAX_BACKLOG) stop();
    else process.stdin?.write(part.bytes);
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  void process.exited.catch(() => {}).then(stop);
  return process;
}
