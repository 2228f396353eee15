import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { CabinwatchError } from '../../../core/index.ts';
import type { FrameTruth } from './record.ts';
import type { TruthSummary } from './summary.ts';

export interface TruthHeader {
  readonly format: 'cabinwatch-truth/1';
  readonly name: string;
  readonly seed: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly duration: number;
}

export interface Truth {
  readonly header: TruthHeader;
  readonly frames: readonly FrameTruth[];
  readonly summary: TruthSummary;
}

/**
 * Reads a truth file, plain or gzipped: a header line, one line a frame, a summary line.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_TRUNCATED
 */
export async function readTruth(path: string): Promise<Truth> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new CabinwatchError('INPUT_NOT_FOUND', `no truth at ${path}`, { cause });
  }
  try {
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const lines = text.trimEnd().split('\n');
    const [header, ...rest] = lines.map((line) => JSON.parse(line) as unknown);
    const last = rest.pop() as { summary?: TruthSummary } | undefined;
    if ((header as TruthHeader).format !== 'cabinwatch-truth/1' || !last?.summary)
      throw new Error('no header or no summary');
    return { header: header as TruthHeader, frames: rest as FrameTruth[], summary: last.summary };
  } catch (cause) {
    throw new CabinwatchError('INPUT_TRUNCATED', `${path} is not a whole truth file`, { cause });
  }
}
