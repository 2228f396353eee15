import { rename, rm } from 'node:fs/promises';
import { CabinwatchError } from '../../core/index.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { fileInput } from '../ffmpeg/input.ts';
import { probe } from '../ffmpeg/probe.ts';
import { startProcess } from '../ffmpeg/process.ts';

/**
 * Makes of a file of `startCallRecording`, also of one whose writer was killed, one that players can skip in, without encoding it
 * anew. Where that fails, for want of room for instance, the file stays as it was.
 * @returns its length, ms
 * @throws CabinwatchError MEDIA_UNAVAILABLE where there is nothing in it
 */
export async function mendRecording(path: string, startedAt: number): Promise<number> {
  const draft = `${path}.part`;
  const process = startProcess({
    args: ffmpegArguments({
      input: { target: `file:${path}`, options: ['-loglevel', 'error'] },
      outputs: [
        {
          target: `file:${draft}`,
          options: [
            ...['-map', '0', '-c', 'copy', '-movflags', '+faststart'],
            ...['-metadata', `creation_time=${new Date(startedAt).toISOString()}`, '-f', 'mp4'],
          ],
        },
      ],
    }),
    niceness: 10,
  });
  process.stdout.resume();
  const { code } = await process.exited;
  if (code === 0 && (await lengthOf(draft)) !== undefined) await rename(draft, path);
  else await rm(draft, { force: true });
  const length = await lengthOf(path);
  if (length === undefined)
    throw new CabinwatchError('MEDIA_UNAVAILABLE', 'Nothing of the call was recorded: the file is empty.');
  return length;
}

async function lengthOf(path: string): Promise<number | undefined> {
  const { info } = await probe(fileInput(path));
  return info?.video && info.durationMs;
}
