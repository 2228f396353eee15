import { join } from 'node:path';
import type { Scenario } from '../scenario/schema.ts';
import { type FrameTruth, TruthRecorder } from '../truth/record.ts';
import { World } from '../world.ts';
import { stageFrame } from './frame.ts';
import type { ClipDeps } from './render-clip.ts';
import { type Cast, castPeople, stageSetup } from './setup.ts';

export interface Still {
  /** RGB, top row first. */
  readonly rgb: Uint8Array;
  readonly truth: FrameTruth;
  /** Who is seen where, as stage/protocol.ts lays it out. */
  readonly masks: Uint8Array;
}

/** Draws one moment of a scenario. */
export async function renderStill(
  scenario: Scenario,
  t: number,
  deps: ClipDeps,
  antialias = false,
  cast: Cast = castPeople(deps.makeHuman, scenario),
): Promise<Still> {
  const world = new World(scenario, cast.bodies);
  const { setup, files } = stageSetup(scenario, cast, antialias);
  for (const [name, bytes] of files) deps.host.putFile(name, bytes);
  const solids = await deps.host.set(setup);
  deps.host.dropFiles();
  const state = world.at(t);
  const pixels = await deps.host.render(stageFrame(scenario, state, Math.round(t * scenario.fps), true));
  const split = scenario.width * scenario.height * 3;
  const recorder = new TruthRecorder(scenario, setup, cast.bodies, solids);
  const masks = pixels.subarray(split);
  return { rgb: pixels.subarray(0, split), truth: recorder.record(state, masks), masks };
}

export const stillFiles = (out: string, name: string): { image: string; truth: string; label: string } => ({
  image: join(out, 'images', `${name}.jpg`),
  truth: join(out, 'truth', `${name}.json`),
  label: join(out, 'labels', `${name}.txt`),
});
