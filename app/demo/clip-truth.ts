import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type FileMessage, readControllerFile } from '../../controllers/index.ts';
import { CabinwatchError } from '../../core/index.ts';
import { doorwayOf, loadScenario, readTruth, type TruthSummary } from '../../datasets/index.ts';

export interface DemoClip {
  readonly name: string;
  readonly file: string;
  /** Seconds. */
  readonly duration: number;
  /** What is true of it, seconds from its start. */
  readonly events: TruthSummary['events'];
  /** What its lift's controller says, in order of arrival. */
  readonly controller: readonly FileMessage[];
  /** The door opening in its picture, as a site engineer would mark it; empty where the camera does not see the sill. */
  readonly doorway: readonly (readonly [number, number])[];
  /** What else is set for its lift, as in the configuration file; from `lift.yaml`, where there is one. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const NEEDED = ['clip.mp4', 'truth.jsonl.gz', 'controller.jsonl', 'scenario.yaml'];

/**
 * The synthetic clips of a folder, one folder each, by name.
 * @throws CabinwatchError INPUT_NOT_FOUND when there are none, INPUT_TRUNCATED or CONFIG_INVALID for one that cannot be read
 */
export async function readDemoClips(folder: string): Promise<DemoClip[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const clips: DemoClip[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const inside = new Set(await readdir(join(folder, entry.name)));
    if (NEEDED.every((file) => inside.has(file))) clips.push(await readClip(folder, entry.name));
  }
  if (clips.length === 0) {
    throw new CabinwatchError(
      'INPUT_NOT_FOUND',
      `There are no clips in ${folder} (each a folder with ${NEEDED.join(', ')}); the demo has nothing to show.`,
    );
  }
  return clips.sort((a, b) => a.name.localeCompare(b.name));
}

async function readClip(folder: string, name: string): Promise<DemoClip> {
  const path = (file: string): string => join(folder, name, file);
  const { header, summary } = await readTruth(path('truth.jsonl.gz'));
  const controller = path('controller.jsonl');
  return {
    name,
    file: path('clip.mp4'),
    duration: header.duration,
    events: summary.events,
    controller: readControllerFile(await readFile(controller, 'utf8'), controller),
    doorway: doorwayOf(await loadScenario(path('scenario.yaml'))),
    settings: await readSettings(path('lift.yaml')),
  };
}

async function readSettings(file: string): Promise<DemoClip['settings']> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return (parse(text) ?? {}) as DemoClip['settings'];
}
