import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CabinwatchError } from '../../../core/index.ts';
import { readTruth } from '../truth/read.ts';
import { CLASSES, type LabelledPicture, toCoco, toYolo } from './coco.ts';

export interface ExportClipOptions {
  /** Folders of clips, each with clip.mp4 and truth.jsonl.gz. */
  readonly clips: readonly string[];
  /** Takes images/, labels/ (YOLO), annotations.json (COCO with keypoints) and classes.txt. */
  readonly out: string;
  /** Every so-many-th frame; default 10. */
  readonly every?: number;
  readonly onClip?: (clip: { name: string; pictures: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Turns clips into a labelled set of pictures, as detectors and pose models are trained and judged with.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_TRUNCATED, OUTPUT_FAILED
 */
export async function exportClips(options: ExportClipOptions): Promise<void> {
  const { out, every = 10 } = options;
  for (const folder of ['images', 'labels']) await mkdir(join(out, folder), { recursive: true });
  const pictures: LabelledPicture[] = [];
  for (const clip of options.clips) {
    options.signal?.throwIfAborted();
    const video = join(clip, 'clip.mp4');
    if (!existsSync(video)) throw new CabinwatchError('INPUT_NOT_FOUND', `no clip at ${video}`);
    const { header, frames } = await readTruth(join(clip, 'truth.jsonl.gz'));
    const { name, width, height } = header;
    await writePictures(video, every, join(out, 'images', `${name}-%05d.jpg`), options.signal);
    const chosen = frames.filter((_, i) => i % every === 0);
    for (const [i, truth] of chosen.entries()) {
      const stem = `${name}-${String(i).padStart(5, '0')}`;
      await writeFile(join(out, 'labels', `${stem}.txt`), toYolo(truth));
      pictures.push({ file: `images/${stem}.jpg`, width, height, truth });
    }
    options.onClip?.({ name, pictures: chosen.length });
  }
  await writeFile(join(out, 'annotations.json'), JSON.stringify(toCoco(pictures)));
  await writeFile(join(out, 'classes.txt'), `${CLASSES.join('\n')}\n`);
}

async function writePictures(
  video: string,
  every: number,
  pattern: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = [
    ...['-v', 'error', '-y', '-i', video, '-vf', `select=not(mod(n\\,${every}))`],
    ...['-vsync', 'vfr', '-q:v', '2', '-start_number', '0', pattern],
  ];
  try {
    await promisify(execFile)('ffmpeg', args, { ...(signal && { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CabinwatchError('OUTPUT_FAILED', `the pictures of ${video} could not be written: ${cause}`, {
      cause,
    });
  }
}
