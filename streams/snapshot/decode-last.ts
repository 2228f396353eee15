import { CabinwatchError } from '../../core/index.ts';
import type { RingCut } from '../clips/clip-ring.ts';
import { ffmpegArguments } from '../ffmpeg/command.ts';
import { startProcess } from '../ffmpeg/process.ts';
import type { RgbPicture } from './encode-jpeg.ts';

/**
 * The last picture of a piece of transport stream that begins with a key frame, in the size the camera sends.
 * @throws CabinwatchError MEDIA_UNAVAILABLE
 */
export async function decodeLast(cut: RingCut): Promise<RgbPicture> {
  // The first picture too: should the last not be decodable, it is what there is.
  const chosen = `select='eq(n\\,0)+gte(n\\,${Math.max(1, cut.picturesAtEnd - 1)})'`;
  const process = startProcess({
    args: ffmpegArguments({
      input: { target: 'pipe:0', options: ['-loglevel', 'error', '-threads', '1', '-f', 'mpegts'] },
      outputs: [
        {
          target: 'pipe:1',
          options: [
            '-map',
            '0:v:0',
            '-vf',
            chosen,
            '-fps_mode',
            'passthrough',
            '-f',
            'image2pipe',
            '-c:v',
            'ppm',
          ],
        },
      ],
    }),
    stdin: 'open',
  });
  const output: Buffer[] = [];
  process.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  for (const { bytes } of cut.parts) process.stdin?.write(bytes);
  process.stdin?.end();
  await process.exited;
  const picture = lastPicture(Buffer.concat(output));
  if (!picture) throw new CabinwatchError('MEDIA_UNAVAILABLE', 'The last picture could not be decoded.');
  return { ...picture, ts: cut.parts.at(-1)?.at ?? cut.startedAt };
}

/** Reads pictures in PPM format (`P6`, size, 255, pixels), one after the other. */
function lastPicture(bytes: Buffer): Omit<RgbPicture, 'ts'> | undefined {
  let at = 0;
  let last: Omit<RgbPicture, 'ts'> | undefined;
  for (;;) {
    const head = /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.toString('latin1', at, at + 32));
    if (!head) return last;
    const [width, height] = [Number(head[1]), Number(head[2])];
    const start = at + head[0].length;
    at = start + width * height * 3;
    if (at > bytes.length) return last;
    last = { width, height, data: bytes.subarray(start, at) };
  }
}
