import { join } from 'node:path';
import { type DemoClip, readDemoClips } from '../../app/index.ts';
import { projectRoot } from '../../core/index.ts';
import { markedClip } from '../pipeline/footage/marked-clip.ts';

/** A lift whose camera plays a clip, its controller in step with it. */
export type ClipLift = DemoClip;

export interface BenchLifts {
  readonly clips: readonly ClipLift[];
  /** Lifts with an empty cabin, whose controllers tell of faults. */
  readonly empty: readonly { readonly name: string; readonly file: string }[];
}

const CLIPS = join(projectRoot(), 'datasets', 'synthetic', 'clips');
const PLAYED = ['fall', 'ebike-in-out', 'entrapment-between-floors', 'ordinary-ride'];
/** Before anybody comes in. */
const EMPTY = `${join(CLIPS, 'ordinary-ride', 'clip.mp4')}#t=0,1.9`;
const EMPTY_SECONDS = 20;

/** Half of them with clips, in turn, and half empty. */
export async function makeLifts(count: number): Promise<BenchLifts> {
  const all = await readDemoClips(CLIPS);
  const { file } = await markedClip(EMPTY, EMPTY_SECONDS);
  const half = Math.floor(count / 2);
  return {
    clips: Array.from({ length: half }, (_, i) => {
      const name = PLAYED[i % PLAYED.length];
      const clip = all.find((one) => one.name === name);
      if (!clip) throw new Error(`the clip ${name} is missing: npm test draws it`);
      return { ...clip, name: `${name}-${Math.floor(i / PLAYED.length) + 1}` };
    }),
    empty: Array.from({ length: count - half }, (_, i) => ({ name: `empty-${i + 1}`, file })),
  };
}
