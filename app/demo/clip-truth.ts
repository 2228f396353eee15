import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CabinwatchError } from '../../core/index.ts';
import { doorwayOf, loadScenario } from '../../datasets/index.ts';

/** What is true of a clip, seconds from its start. */
export interface ClipTruth {
  readonly duration: number;
  /** People inside: one entry at every change. */
  readonly counts: readonly { readonly t: number; readonly inside: number }[];
  readonly events: readonly { readonly kind: string; readonly start: number; readonly end: number }[];
}

export interface DemoClip {
  readonly name: string;
  readonly file: string;
  /** The door opening in its picture, as a site engineer would mark it; empty where the camera does not see the sill. */
  readonly doorway: readonly (readonly [number, number])[];
  readonly truth: ClipTruth;
}

/**
 * The synthetic clips of a folder, one folder each, by name.
 * @throws CabinwatchError INPUT_NOT_FOUND when there are none, INPUT_TRUNCATED for a truth that cannot be read
 */
export async function readDemoClips(folder: string): Promise<DemoClip[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const clips: DemoClip[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const inside = new Set(await readdir(join(folder, entry.name)));
    if (!inside.has('clip.mp4') || !inside.has('truth.jsonl.gz')) continue;
    const file = join(folder, entry.name, 'clip.mp4');
    const scenario = join(folder, entry.name, 'scenario.yaml');
    const doorway = inside.has('scenario.yaml') ? doorwayOf(await loadScenario(scenario)) : [];
    const truth = await readTruth(join(folder, entry.name, 'truth.jsonl.gz'));
    clips.push({ name: entry.name, file, doorway, truth });
  }
  if (clips.length === 0) {
    throw new CabinwatchError(
      'INPUT_NOT_FOUND',
      `There are no clips in ${folder}; the demo has nothing to show.`,
    );
  }
  return clips.sort((a, b) => a.name.localeCompare(b.name));
}

/** JSON lines: a head with the duration first, a summary last, and a line for every picture between them. */
async function readTruth(file: string): Promise<ClipTruth> {
  try {
    const text = (await promisify(gunzip)(await readFile(file))).toString('utf8').trim();
    const head = JSON.parse(text.slice(0, text.indexOf('\n'))) as { duration: number };
    const last = JSON.parse(text.slice(text.lastIndexOf('\n') + 1)) as {
      summary: Omit<ClipTruth, 'duration'>;
    };
    const { counts, events } = last.summary;
    return { duration: head.duration, counts, events };
  } catch (cause) {
    throw new CabinwatchError('INPUT_TRUNCATED', `${file} is not a clip's whole truth.`, { cause });
  }
}
