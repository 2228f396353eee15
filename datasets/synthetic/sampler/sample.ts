import { createRandom, type Random } from '../random.ts';
import { checkScenario } from '../scenario/load.ts';
import { OBJECT_KINDS, type ObjectKind, type Scenario, WALL_MATERIALS } from '../scenario/schema.ts';
import { MEASURES } from '../things/measures.ts';

/** Time of the picture within the sampled second of life, s: everybody has arrived in their posture by then. */
export const STILL_AT = 3.5;

const WALLS = [
  '#b9b7b0',
  '#a6a8a6',
  '#c9c5b8',
  '#8f8d88',
  '#d2cfc6',
  '#7c7a75',
  '#b3a58d',
  '#9aa59f',
] as const;
const WOODS = ['#8a6a4a', '#6b4a30', '#a98457', '#5a3b28'] as const;
const FLOORS = ['#a79f92', '#c2bdb0', '#7d776d', '#5d5a57', '#b8ae9c', '#8c8f8d'] as const;
const POSTURES = [
  ['', 6],
  ['phone', 3],
  ['phone-two-hands', 2],
  ['call', 1],
  ['arms-crossed', 2],
  ['look-around', 1],
  ['lean', 1],
  ['wave', 1],
  ['press-button', 1],
  ['crouch', 2],
  ['tie-shoe', 1],
  ['pick-up', 1],
  ['sit', 1.5],
  ['jump', 0.5],
  ['fall-collapse', 1],
  ['fall-sideways', 0.7],
  ['fall-backward', 0.7],
  ['fall-forward', 0.4],
] as const;
/** Room that somebody takes, m: standing, and lying. */
const ROOM = { upright: 0.2, lying: 0.45 };

/** One random moment in one random cabin; the same seed and index give the same scenario. */
export function sampleScenario(seed: number, index: number): Scenario {
  const random = createRandom(seed).fork(`world ${index}`);
  const cabin = sampleCabin(random.fork('cabin'));
  const camera = sampleCamera(random.fork('camera'));
  const { people, objects } = populate(random.fork('people'), cabin);
  const night = random.chance(0.12);
  return checkScenario({
    name: `random-${seed}-${String(index).padStart(5, '0')}`,
    description: 'Drawn by the sampler.',
    seed: random.integer(0, 2 ** 31 - 1),
    duration: STILL_AT + 0.5,
    fps: 10,
    cabin,
    camera: { ...camera, infrared: night },
    car: random.chance(0.3) ? { door: 'open' } : { door: 'closed' },
    people,
    objects,
    lights: !night && random.chance(0.06) ? [{ from: 0, state: random.pick(['emergency', 'dim']) }] : [],
    pictures: random.chance(0.03) ? [{ from: 0, fault: random.pick(['covered', 'partly-covered']) }] : [],
  });
}

function sampleCabin(random: Random) {
  const width = random.between(1.2, 2);
  const walls = random.weighted([
    ['brushed', 5],
    ['steel', 4],
    ['paint', 3],
    ['scratched', 2],
    ['laminate', 2],
    ['wood', 2],
    ['mirror', 0.6],
    ['glass', 0.4],
  ] as const);
  const wood = walls === 'wood' || walls === 'laminate';
  return {
    width,
    depth: random.between(1.3, 2.1),
    height: random.between(2.2, 2.6),
    doorWidth: Math.min(width - 0.15, random.between(0.8, 1.1)),
    doorHeight: random.between(2.0, 2.1),
    doorType: random.weighted([
      ['centre', 4],
      ['left', 1],
      ['right', 1],
    ] as const),
    walls,
    ...(random.chance(0.2) ? { back: random.pick(WALL_MATERIALS) } : {}),
    wallColour: random.pick(wood ? WOODS : WALLS),
    doorMaterial: random.weighted([
      ['brushed', 4],
      ['steel', 3],
      ['paint', 1],
    ] as const),
    doorColour: random.pick(WALLS),
    wear: random.next() ** 1.3,
    floor: random.weighted([
      ['stone', 4],
      ['tiles', 3],
      ['checker-plate', 1],
      ['rubber', 1],
      ['carpet', 1],
    ] as const),
    floorColour: random.pick(FLOORS),
    light: random.weighted([
      ['panel', 3],
      ['strip', 2],
      ['tubes', 2],
      ['spots', 2],
    ] as const),
    brightness: random.between(0.65, 1.35),
    warmth: random.between(-0.5, 0.7),
    deadLights: random.chance(0.15) ? random.between(0.2, 0.8) : 0,
    handrail: random.weighted([
      ['side', 3],
      ['back', 2],
      ['both', 2],
      ['none', 2],
    ] as const),
    panel: random.pick(['left', 'right']),
    posters: random.integer(0, 6),
    screen: random.chance(0.25),
    mat: random.chance(0.2),
  };
}

function sampleCamera(random: Random) {
  const mount = random.weighted([
    ['back-left', 5],
    ['back-right', 5],
    ['front-left', 2],
    ['front-right', 2],
    ['back', 1.5],
    ['centre', 1],
  ] as const);
  const wide = random.chance(0.15);
  return {
    mount,
    hfov:
      mount === 'centre'
        ? random.between(125, 160)
        : wide
          ? random.between(118, 145)
          : random.between(88, 116),
    fisheye: mount === 'centre' || wide ? random.between(0.75, 1) : random.between(0.25, 0.75),
    roll: random.between(-7, 7),
    exposure: random.between(0.85, 1.6),
    contrast: random.between(0.85, 1.12),
    saturation: random.between(0.5, 1),
    tint: random.between(-0.6, 0.4),
    softness: random.between(0.3, 1.1),
    sharpen: random.chance(0.3) ? random.between(0.2, 0.9) : 0,
    noise: random.between(0.006, 0.03),
    vignette: random.between(0.05, 0.4),
    dirt: random.chance(0.25) ? random.between(0.1, 0.6) : 0,
    overlay: random.pick(['', 'CAM 1', 'LIFT 2', 'A-03', '3-2-1']),
    ...(random.chance(0.8)
      ? {
          clock: `2025-${two(random.integer(1, 12))}-${two(random.integer(1, 28))}T${two(random.integer(0, 23))}:${two(random.integer(0, 59))}:${two(random.integer(0, 59))}`,
        }
      : {}),
  };
}

interface Spot {
  readonly x: number;
  readonly z: number;
  readonly room: number;
}

function populate(random: Random, cabin: { width: number; depth: number }) {
  const spots: Spot[] = [];
  const people: object[] = [];
  const objects: object[] = [];
  const place = (room: number): Spot | undefined => {
    for (let attempt = 0; attempt < 60; attempt++) {
      const x = random.between(-1, 1) * (cabin.width / 2 - room - 0.06);
      const z = random.between(-1, 1) * (cabin.depth / 2 - room - 0.06);
      if (spots.every((s) => Math.hypot(s.x - x, s.z - z) > s.room + room + 0.04)) return { x, z, room };
    }
    return undefined;
  };
  const crowd = random.weighted([
    [0, 1.5],
    [1, 4],
    [2, 4],
    [3, 2.5],
    [4, 1.5],
    [5, 1],
    [6, 1],
    [7, 0.5],
  ] as const);
  if (random.chance(0.45)) pushSomething();
  while (people.length < crowd) {
    const posture = random.weighted(POSTURES);
    const spot = place(posture.startsWith('fall') || posture === 'sit' ? ROOM.lying : ROOM.upright);
    if (!spot) break;
    spots.push(spot);
    addPerson(spot, random.between(-180, 180), posture);
  }
  return { people, objects };

  function addPerson(spot: Spot, face: number, posture: string): string {
    const id = `p${people.length + 1}`;
    const at = posture.startsWith('fall') ? random.between(0.4, 1.6) : random.between(0, 1.5);
    const hat = random.weighted([
      ['none', 8],
      ['helmet', 1],
      ['cap', 1.5],
      ['hard-hat', 0.4],
      ['fedora', 0.3],
    ] as const);
    const bag = random.weighted([
      ['none', 6],
      ['backpack', 1.5],
      ['shoulder', 1],
      ['carrier', 1],
    ] as const);
    people.push({
      id,
      look: { hat, bag, umbrella: random.chance(0.04) },
      start: { x: spot.x, z: spot.z, face },
      steps: posture ? [{ at, do: posture, side: random.pick(['left', 'right']) }] : [],
    });
    return id;
  }

  /** A bike or cart with its owner, along the cabin, or alone where it was left. */
  function pushSomething(): void {
    const kind: ObjectKind = random.weighted(
      OBJECT_KINDS.map((k) => [k, k.startsWith('ebike') ? 3 : 1] as const),
    );
    const { half, carried } = MEASURES[kind];
    const [along, across] = half;
    const forwards = random.chance(0.6);
    const face = (forwards ? 180 : 0) + random.between(-12, 12);
    const zRoom = Math.max(0, cabin.depth / 2 - along - 0.03);
    const xRoom = Math.max(0, cabin.width / 2 - across - 0.03);
    const turn = (face * Math.PI) / 180;
    const alone = random.chance(0.2) || carried[2] > 0;
    const thing = { x: random.between(-1, 1) * xRoom, z: random.between(-1, 1) * zRoom };
    spots.push(
      { ...thing, room: Math.max(across, 0.3) },
      { x: thing.x + Math.sin(turn) * along * 0.6, z: thing.z + Math.cos(turn) * along * 0.6, room: across },
      { x: thing.x - Math.sin(turn) * along * 0.6, z: thing.z - Math.cos(turn) * along * 0.6, room: across },
    );
    // The owner stands where the thing is held from.
    const [right, ahead] = carried;
    const owner = {
      x: thing.x + Math.cos(turn) * right - Math.sin(turn) * ahead,
      z: thing.z - Math.sin(turn) * right - Math.cos(turn) * ahead,
      room: ROOM.upright,
    };
    const fits = Math.abs(owner.x) < cabin.width / 2 - 0.22 && Math.abs(owner.z) < cabin.depth / 2 - 0.16;
    if (alone || !fits) objects.push({ id: 'thing', kind, start: { ...thing, face } });
    else {
      spots.push(owner);
      objects.push({ id: 'thing', kind, held: [{ by: addPerson(owner, face, ''), from: 0 }] });
    }
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
