import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../scenario/schema.ts';
import { type FrameTruth, TruthRecorder } from '../truth/record.ts';
import { World } from '../world.ts';
import { stageFrame } from './frame.ts';
import type { ClipDeps } from './render-clip.ts';
import { castPeople, stageSetup } from './setup.ts';

export interface Still {
  /** RGB, top row first. */
  readonly rgb: Uint8Array;
  readonly truth: FrameTruth;
}

/** Draws one moment of a scenario. */
export async function renderStill(
  scenario: Scenario,
  t: number,
  deps: ClipDeps,
  antialias = false,
): Promise<Still> {
  const cast = castPeople(deps.makeHuman, scenario);
  const world = new World(scenario, cast.bodies);
  const { setup, files } = stageSetup(scenario, cast, antialias);
  for (const [name, bytes] of files) deps.host.putFile(name, bytes);
  const solids = await deps.host.set(setup);
  deps.host.dropFiles();
  const state = world.at(t);
  const pixels = await deps.host.render(stageFrame(scenario, state, Math.round(t * scenario.fps), true));
  const split = scenario.width * scenario.height * 3;
  const recorder = new TruthRecorder(scenario, setup, cast.bodies, solids);
  return { rgb: pixels.subarray(0, split), truth: recorder.record(state, pixels.subarray(split)) };
}

/** A JPEG of about the quality that recorders store. The file gets its name only when whole. */
export async function writeJpeg(
  path: string,
  rgb: Uint8Array,
  size: { width: number; height: number },
  quality: number,
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const bytes = await sharp(rgb, { raw: { ...size, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

/** A sheet of small pictures, row by row. */
export async function writeContactSheet(
  path: string,
  pictures: readonly string[],
  options: { columns: number; width: number; height: number },
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const { columns, width, height } = options;
  const tiles = await Promise.all(
    pictures.map(async (picture, i) => ({
      input: await sharp(picture).resize(width, height, { fit: 'cover' }).toBuffer(),
      left: (i % columns) * width,
      top: Math.floor(i / columns) * height,
    })),
  );
  const sheet = sharp({
    create: {
      width: columns * width,
      height: Math.ceil(pictures.length / columns) * height,
      channels: 3,
      background: '#000',
    },
  }).composite(tiles);
  const bytes = await (path.endsWith('.png')
    ? sheet.png({ palette: true, colours: 256, dither: 0.6 })
    : sheet.jpeg({ quality: 85 })
  ).toBuffer();
  await writeFile(path, bytes);
}

export const stillFiles = (out: string, name: string): { image: string; truth: string; label: string } => ({
  image: join(out, 'images', `${name}.jpg`),
  truth: join(out, 'truth', `${name}.json`),
  label: join(out, 'labels', `${name}.txt`),
});
