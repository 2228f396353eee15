import { analyzeFile } from '../../../app/index.ts';
import type { FallClip } from './gmdcsa24.ts';

/** An alarm this long before the labelled start of falling still means that fall, s. */
export const EARLY = 1;
/** And this long after, s. */
export const LATE = 2;

export interface FallVerdict {
  readonly clip: FallClip;
  /** When a fall was reported, s of media time. */
  readonly reported: readonly number[];
  readonly right: boolean;
}

/** Runs a clip through `cabinwatch analyze`, and holds what it reports to the label. */
export async function judgeClip(clip: FallClip, fps: number): Promise<FallVerdict> {
  const signal = new AbortController().signal;
  const reported: number[] = [];
  for await (const line of analyzeFile({ path: clip.path, fps, signal })) {
    if (line.type === 'behaviour' && line.kind === 'fall' && line.phase === 'started') reported.push(line.t);
  }
  const { fallStart } = clip;
  const right =
    fallStart === undefined
      ? reported.length === 0
      : reported.some((t) => t >= fallStart - EARLY && t <= fallStart + LATE);
  return { clip, reported, right };
}
