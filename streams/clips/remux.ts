import { rename, rm, stat } from 'node:fs/promises';
import { CabinwatchError } from '../../core/index.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { startProcess } from '../ffmpeg/process.ts';
import type { RingPart } from './clip-ring.ts';

/**
 * Writes a transport stream as MP4 without decoding it, playable before it is wholly loaded. The file appears under
 * its name only when it is complete.
 * @returns its size in bytes
 * @throws CabinwatchError MEDIA_UNAVAILABLE when ffmpeg can make nothing of it
 */
export async function writeMp4(parts: readonly RingPart[], path: string, startedAt: number): Promise<number> {
  const draft = `${path}.part`;
  const process = startProcess({
    args: ffmpegArguments({
      input: { target: 'pipe:0', options: ['-loglevel', 'error', '-fflags', '+genpts', '-f', 'mpegts'] },
      outputs: [
        {
          target: `file:${draft}`,
          options: [
            ...['-map', '0:v:0', '-map', '0:a:0?', '-c', 'copy', '-movflags', '+faststart'],
            ...['-metadata', `creation_time=${new Date(startedAt).toISOString()}`, '-f', 'mp4'],
          ],
        },
      ],
    }),
    stdin: 'open',
    niceness: 10,
  });
  process.stdout.resume();
  for (const { bytes } of parts) process.stdin?.write(bytes);
  process.stdin?.end();
  const { code, messages } = await process.exited;
  const size = code === 0 ? ((await stat(draft).catch(() => undefined))?.size ?? 0) : 0;
  if (size === 0) {
    await rm(draft, { force: true });
    const why = messages.at(-1) ?? `ffmpeg ended with code ${code}`;
    throw new CabinwatchError('MEDIA_UNAVAILABLE', `The clip could not be written: ${why}`);
  }
  await rename(draft, path);
  return size;
}
