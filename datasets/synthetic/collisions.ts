import { skin } from './motion/skinning.ts';
import type { Body } from './people/body.ts';
import { footprint, MEASURES } from './things/measures.ts';
import type { PersonState, ThingState, World, WorldState } from './world.ts';

export interface Collision {
  readonly t: number;
  readonly what: string;
  /** How deep, metres. */
  readonly depth: number;
}

/** Soft bodies and sleeves may touch; deeper than this is a fault of the scenario, metres. */
const TOLERANCE = 0.04;
/** The trunk's half width and half depth, metres. */
const TRUNK = 0.145;
/** Only every so-many-th vertex is looked at. */
const STRIDE = 23;
/** The front wall with its door is this thick. */
const FRONT = 0.1;

/**
 * Walks through the clip and lists who goes through a wall, a closed door, another person or a thing, each at its worst.
 * @param times when to look, s; default four times a second from start to end
 */
export function findCollisions(
  world: World,
  bodies: ReadonlyMap<string, Body>,
  times: readonly number[] = quarters(world.scenario.duration),
): Collision[] {
  const worst = new Map<string, Collision>();
  for (const t of times) {
    const state = world.at(t);
    const note = (what: string, depth: number): void => {
      if (depth > TOLERANCE && depth > (worst.get(what)?.depth ?? 0)) worst.set(what, { t, what, depth });
    };
    state.people.forEach((person, i) => {
      note(
        `${person.spec.id} goes through the cabin's walls`,
        wallDepth(world, state, person, bodies.get(person.spec.id) as Body),
      );
      for (const other of state.people.slice(i + 1))
        note(`${person.spec.id} and ${other.spec.id} go through each other`, trunkDepth(person, other));
      for (const thing of state.things) {
        if (thing.heldBy !== person.spec.id)
          note(`${person.spec.id} goes through ${thing.spec.id}`, thingDepth(person, thing));
      }
    });
    for (const thing of state.things)
      note(`${thing.spec.id} goes through the cabin's walls`, thingWallDepth(world, state, thing));
  }
  return [...worst.values()].sort((a, b) => a.t - b.t);
}

const quarters = (duration: number): number[] =>
  Array.from({ length: Math.floor(duration * 4) + 1 }, (_, i) => i / 4);

/** How far a floor point is inside solid matter, and 0 where people may be. */
function solidDepth(world: World, state: WorldState, x: number, z: number): number {
  const { width, depth, doorWidth, doorOffset, doorType } = world.scenario.cabin;
  const sill = depth / 2;
  if (z > sill + FRONT) return 0;
  if (z > sill) {
    // In the door's thickness: the jambs, and the leaves as far as they are closed.
    const fromMiddle =
      doorType === 'left'
        ? x - doorOffset + doorWidth / 2
        : doorType === 'right'
          ? doorWidth / 2 - (x - doorOffset)
          : Math.abs(x - doorOffset) * 2;
    const clear = doorWidth * state.car.opening;
    const jamb = Math.abs(x - doorOffset) - doorWidth / 2;
    return Math.max(
      0,
      Math.min(z - sill, Math.max(jamb, doorType === 'centre' ? (fromMiddle - clear) / 2 : 0)),
    );
  }
  return Math.max(0, Math.abs(x) - width / 2, -sill - z);
}

function wallDepth(world: World, state: WorldState, person: PersonState, body: Body): number {
  let worst = 0;
  for (const part of body.parts) {
    if (part.kind !== 'skin' && part.kind !== 'clothes' && part.kind !== 'shoes') continue;
    const v = skin(part, person.matrices, STRIDE);
    for (let i = 0; i < v.length; i += 3)
      worst = Math.max(worst, solidDepth(world, state, v[i] as number, v[i + 2] as number));
  }
  return worst;
}

/** Trunks are compared as upright cylinders about the chest, so lying people are left to the eye. */
function trunkDepth(a: PersonState, b: PersonState): number {
  const [pa, pb] = [a.chest, b.chest];
  if (Math.abs(pa[1] - pb[1]) > 0.55) return 0;
  return 2 * TRUNK - Math.hypot(pa[0] - pb[0], pa[2] - pb[2]);
}

function thingWallDepth(world: World, state: WorldState, thing: ThingState): number {
  const outline = footprint(thing.spec.kind, thing.position[0], thing.position[2], thing.heading);
  return Math.max(...outline.map(([x, z]) => solidDepth(world, state, x, z)));
}

function thingDepth(person: PersonState, thing: ThingState): number {
  const [along, across] = MEASURES[thing.spec.kind].half;
  const root = person.posture.root;
  const dx = root[0] - thing.position[0];
  const dz = root[2] - thing.position[2];
  const [s, c] = [Math.sin(thing.heading), Math.cos(thing.heading)];
  const ahead = Math.abs(dx * s + dz * c) - along;
  const aside = Math.abs(dx * c - dz * s) - across * 0.8;
  if (thing.position[1] > 0.3) return 0;
  return 0.12 - Math.max(ahead, aside);
}
