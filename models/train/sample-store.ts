import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Grid, PictureTruth, Sample, SampleSet } from './sample.ts';

/** Something that gives a picture's features and truth, slowly. */
export interface SampleSource {
  /** Whatever decides what comes out; another key is another sample. */
  readonly key: string;
  make(): Promise<Sample>;
}

export interface StoreOptions {
  /** Takes a file a sample; what is there already is not made again. */
  readonly folder: string;
  readonly grid: Grid;
  readonly channels: number;
  readonly onProgress?: (progress: { readonly done: number; readonly all: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Makes all samples, or what is missing of them after a stop, and gives them out from the disk. */
export async function storeSamples(
  sources: readonly SampleSource[],
  options: StoreOptions,
): Promise<SampleSet> {
  const { folder, grid, channels } = options;
  await mkdir(folder, { recursive: true });
  const files = sources.map(({ key }) =>
    path.join(folder, createHash('sha256').update(key).digest('hex').slice(0, 24)),
  );
  const truths: PictureTruth[] = [];
  for (const [i, source] of sources.entries()) {
    options.signal?.throwIfAborted();
    const file = files[i] as string;
    // The truth is written last, so it stands for the whole sample.
    const known = await readFile(`${file}.json`, 'utf8').catch(() => undefined);
    truths.push(known === undefined ? await make(source, file) : (JSON.parse(known) as PictureTruth));
    options.onProgress?.({ done: i + 1, all: sources.length });
  }
  return {
    grid,
    channels,
    count: files.length,
    async read(index) {
      const bytes = await readFile(`${files[index]}.f32`);
      const features = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      return { ...(truths[index] as PictureTruth), features };
    },
  };
}

async function make(source: SampleSource, file: string): Promise<PictureTruth> {
  const { features, boxes, ignored } = await source.make();
  const truth = { boxes, ignored };
  await writeFile(`${file}.f32`, new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
  await writeFile(`${file}.part`, JSON.stringify(truth));
  await rename(`${file}.part`, `${file}.json`);
  return truth;
}
