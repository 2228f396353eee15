import { cameraPose, createLens } from '../lens.ts';
import { bakeBody } from '../people/bake.ts';
import type { Body } from '../people/body.ts';
import type { MakeHuman } from '../people/makehuman.ts';
import { dress, type FullLook } from '../people/wardrobe.ts';
import { createRandom, hashText } from '../random.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { PersonSetup, Slice, StageSetup } from '../stage/protocol.ts';

/** Masks of objects start here; people come first. */
const THING_MASKS = 128;

export interface Cast {
  readonly bodies: ReadonlyMap<string, Body>;
  readonly looks: ReadonlyMap<string, FullLook>;
}

/** Draws and shapes everybody of a scenario. */
export function castPeople(mh: MakeHuman, scenario: Scenario): Cast {
  const random = createRandom(scenario.seed);
  const looks = new Map(scenario.people.map((p) => [p.id, dress(p.look, random.fork(`look ${p.id}`))]));
  const bodies = new Map([...looks].map(([id, look]) => [id, bakeBody(mh, look.body)]));
  return { bodies, looks };
}

export const personMask = (index: number): number => index + 1;
export const thingMask = (index: number): number => THING_MASKS + index;

/** What the stage must know, and the binary files it will ask for. */
export function stageSetup(
  scenario: Scenario,
  cast: Cast,
  antialias: boolean,
): { setup: StageSetup; files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const people = scenario.people.map((spec, i): PersonSetup => {
    const body = cast.bodies.get(spec.id) as Body;
    const look = cast.looks.get(spec.id) as FullLook;
    const url = `/bodies/${scenario.seed}-${spec.id}.bin`;
    const { bytes, parts } = packBody(body);
    files.set(url, bytes);
    const hip = body.bones.find((b) => b.name === 'upperleg01.L')?.head[1] ?? 0.9;
    return {
      mask: personMask(i),
      url,
      bones: body.bones.map(({ name, parent, head }) => ({ name, parent, head })),
      parts,
      top: look.top,
      bottom: look.bottom,
      hairColour: look.hairColour,
      hat: look.hat,
      bag: look.bag,
      umbrella: look.umbrella,
      pattern: look.pattern,
      waist: hip + body.height * 0.035,
      seed: (scenario.seed ^ hashText(spec.id)) >>> 0,
    };
  });
  const colours = ['#a8161c', '#1d2f6f', '#dcdad2', '#1d1d1f', '#2f7f6a', '#c9772b', '#7d8fb3', '#e0b9c2'];
  const things = scenario.objects.map((spec, i) => {
    const random = createRandom(scenario.seed).fork(`thing ${spec.id}`);
    return {
      mask: thingMask(i),
      kind: spec.kind,
      colour: spec.colour ?? random.pick(colours),
      seed: random.integer(0, 2 ** 31),
    };
  });
  const { seed, width, height, cabin, camera } = scenario;
  const setup = {
    seed,
    width,
    height,
    cabin,
    camera,
    pose: cameraPose(cabin, camera),
    lens: createLens(camera.hfov, camera.fisheye),
    people,
    things,
    antialias,
  };
  return { setup, files };
}

function packBody(body: Body): { bytes: Uint8Array; parts: PersonSetup['parts'] } {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  const put = (array: Float32Array | Uint16Array | Uint32Array): Slice => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const at = offset;
    // Typed arrays must start at a multiple of their element size.
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    chunks.push(padded);
    offset += padded.length;
    return [at, array.length];
  };
  const parts = body.parts.map((p) => ({
    kind: p.kind,
    texture: p.texture,
    positions: put(p.positions),
    normals: put(p.normals),
    uvs: put(p.uvs),
    skinIndices: put(p.skinIndices),
    skinWeights: put(p.skinWeights),
    triangles: put(p.triangles),
  }));
  return { bytes: Buffer.concat(chunks), parts };
}
