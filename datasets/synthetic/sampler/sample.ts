import { createRandom, type Random } from '../random.ts';
import { checkScenario } from '../scenario/load.ts';
import { OBJECT_KINDS, type ObjectKind, type Scenario, WALL_MATERIALS } from '../scenario/schema.ts';
import { footprint, MEASURES } from '../things/measures.ts';

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
  ['pry-door', 0.4],
  ['knock-on-door', 0.4],
  ['hold-door', 0.5],
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
/** In these the hands hang down, and what they carry with them. */
const HANDS_DOWN: ReadonlySet<string> = new Set(['', 'look-around', 'lean']);
/** What is done at the door, and whether it stands open then. */
const AT_DOOR: ReadonlyMap<string, boolean> = new Map([
  ['pry-door', false],
  ['knock-on-door', false],
  ['hold-door', true],
]);
/** What still finds room beside something else. */
const SMALL: readonly ObjectKind[] = ['scooter', 'suitcase', 'trolley', 'parcel', 'battery'];
/** Room that somebody takes of others, m: standing, and lying. */
const ROOM = { upright: 0.2, lying: 0.45 };
/** How far from a wall somebody stands, and how far before them nothing solid may be, m. */
const FROM_WALL = 0.3;
const AHEAD = 0.45;

/**
 * One random moment in one random cabin; the same seed, index and attempt give the same scenario.
 * @param attempt another draw for the same place in a set, where the bodies turned out to need more room
 */
export function sampleScenario(seed: number, index: number, attempt = 0): Scenario {
  const random = createRandom(seed).fork(attempt === 0 ? `world ${index}` : `world ${index}.${attempt}`);
  const cabin = sampleCabin(random.fork('cabin'));
  const camera = sampleCamera(random.fork('camera'));
  const door = random.chance(0.3) ? 'open' : 'closed';
  const { people, objects } = populate(random.fork('people'), cabin, door === 'open');
  const night = random.chance(0.12);
  return checkScenario({
    name: `random-${seed}-${String(index).padStart(5, '0')}`,
    description: 'Drawn by the sampler.',
    seed: random.integer(0, 2 ** 31 - 1),
    duration: STILL_AT + 0.5,
    fps: 10,
    cabin,
    camera: { ...camera, infrared: night },
    car: { door },
    people,
    objects,
    lights:
      !night && random.chance(0.07)
        ? [{ from: 0, state: random.pick(['emergency', 'dim', 'dim', 'flicker', 'off']) }]
        : [],
    pictures: random.chance(0.02) ? [{ from: 0, fault: random.pick(['covered', 'partly-covered']) }] : [],
  });
}

function sampleCabin(random: Random) {
  const width = random.between(1.2, 2);
  const doorWidth = Math.min(width - 0.15, random.between(0.8, 1.1));
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
    doorWidth,
    doorOffset: random.chance(0.2) ? random.between(-1, 1) * ((width - doorWidth) / 2 - 0.06) : 0,
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
      ['wood', 0.5],
    ] as const),
    floorColour: random.pick(FLOORS),
    light: random.weighted([
      ['panel', 3],
      ['strip', 2],
      ['tubes', 2],
      ['spots', 2],
    ] as const),
    brightness: random.between(0.7, 1.45),
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
    contrast: random.between(0.92, 1.3),
    saturation: random.between(0.55, 1.15),
    tint: random.between(-0.6, 0.4),
    softness: random.between(0.3, 1.1),
    sharpen: random.chance(0.5) ? random.between(0.2, 1) : 0,
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

function populate(
  random: Random,
  cabin: { width: number; depth: number; doorOffset: number },
  open: boolean,
) {
  const spots: Spot[] = [];
  const people: { id: string; steps: object[]; look: object; start: object }[] = [];
  const objects: object[] = [];
  const free = (spot: Spot): boolean =>
    spots.every((s) => Math.hypot(s.x - spot.x, s.z - spot.z) > s.room + spot.room + 0.04);
  const place = (room: number): Spot | undefined => {
    for (let attempt = 0; attempt < 60; attempt++) {
      const wall = Math.max(room, FROM_WALL);
      const x = random.between(-1, 1) * (cabin.width / 2 - wall);
      const z = random.between(-1, 1) * (cabin.depth / 2 - wall);
      if (free({ x, z, room })) return { x, z, room };
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
  const things = random.weighted([
    [0, 5.5],
    [1, 3.7],
    [2, 1.2],
  ] as const);
  for (let i = 1; i <= things; i++) pushSomething(`thing-${i}`, i === 1 ? OBJECT_KINDS : SMALL);
  for (let tries = 0; people.length < crowd && tries < 40; tries++) {
    const posture = random.weighted(POSTURES);
    if (AT_DOOR.has(posture)) {
      const spot = { x: cabin.doorOffset, z: cabin.depth / 2 - 0.37, room: ROOM.upright };
      if (AT_DOOR.get(posture) !== open || !free(spot)) continue;
      spots.push(spot);
      addPerson(spot, random.between(-12, 12), posture);
      continue;
    }
    const spot = place(posture.startsWith('fall') || posture === 'sit' ? ROOM.lying : ROOM.upright);
    if (!spot) break;
    const from = { x: cabin.doorOffset, z: cabin.depth / 2 + 0.9 };
    if (open && random.chance(0.3) && clearWay(from, spot)) walkIn(from, spot);
    else addPerson(spot, heading(spot), posture);
    spots.push(spot);
  }
  return { people, objects };

  /** Most people look at the door, and nobody stands with the nose to a wall. */
  function heading(spot: Spot): number {
    for (let attempt = 0; ; attempt++) {
      const face = random.chance(0.5) ? random.between(-40, 40) : random.between(-180, 180);
      const x = Math.abs(spot.x + AHEAD * Math.sin((face * Math.PI) / 180));
      const z = Math.abs(spot.z + AHEAD * Math.cos((face * Math.PI) / 180));
      if ((x < cabin.width / 2 && z < cabin.depth / 2) || attempt === 30) return face;
    }
  }

  /** Nobody and nothing stands within a body's width of the straight way. */
  function clearWay(from: { x: number; z: number }, to: Spot): boolean {
    const [dx, dz] = [to.x - from.x, to.z - from.z];
    const length = Math.hypot(dx, dz);
    return spots.every((s) => {
      const along = Math.min(1, Math.max(0, ((s.x - from.x) * dx + (s.z - from.z) * dz) / length ** 2));
      return Math.hypot(from.x + dx * along - s.x, from.z + dz * along - s.z) > s.room + ROOM.upright + 0.06;
    });
  }

  /** Caught somewhere on the way in. */
  function walkIn(from: { x: number; z: number }, to: Spot): void {
    const id = addPerson({ ...from, room: to.room }, 180, '');
    const at = STILL_AT - random.between(0.7, 2.2);
    const person = people.find((p) => p.id === id);
    person?.steps.push({ at, do: 'walk', to: [[to.x, to.z]] });
  }

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
    const handsDown = HANDS_DOWN.has(posture);
    people.push({
      id,
      look: {
        hat,
        bag: bag === 'carrier' && !handsDown ? 'none' : bag,
        umbrella: random.chance(0.04) && handsDown,
      },
      start: { x: spot.x, z: spot.z, face },
      steps: posture ? [{ at, do: posture, side: random.pick(['left', 'right']) }] : [],
    });
    return id;
  }

  /** A bike, cart or load with its owner, or alone where it was left; none where no room is left. */
  function pushSomething(id: string, kinds: readonly ObjectKind[]): void {
    const kind: ObjectKind = random.weighted(kinds.map((k) => [k, k.startsWith('ebike') ? 3 : 1] as const));
    const { half, carried } = MEASURES[kind];
    const [right, ahead] = carried;
    const [along, across] = half;
    for (let attempt = 0; attempt < 60; attempt++) {
      // What is too long to stand straight is turned, as people do.
      const slant = attempt < 15 ? 12 : 50;
      const face = random.pick([0, 180, 180]) + random.between(-slant, slant);
      const turn = (face * Math.PI) / 180;
      const [s, c] = [Math.sin(turn), Math.cos(turn)];
      const x = random.between(-0.5, 0.5) * cabin.width;
      const z = random.between(-0.5, 0.5) * cabin.depth;
      if (!footprint(kind, x, z, turn).every((p) => within(p, 0.01))) continue;
      const taken = [-0.6, 0, 0.6].map((k) => ({
        x: x + s * along * k,
        z: z + c * along * k,
        room: across * 0.8,
      }));
      if (!taken.every(free)) continue;
      // The owner stands where the thing is held from.
      const owner = { x: x + c * right - s * ahead, z: z - s * right - c * ahead, room: ROOM.upright };
      const fits = within([owner.x, owner.z], FROM_WALL - 0.08) && free(owner);
      spots.push(...taken);
      if (random.chance(0.2) || !fits) objects.push({ id, kind, start: { x, z, face } });
      else {
        spots.push(owner);
        objects.push({ id, kind, held: [{ by: addPerson(owner, face, ''), from: 0 }] });
      }
      return;
    }
  }

  function within([x, z]: readonly [number, number], gap: number): boolean {
    return Math.abs(x) < cabin.width / 2 - gap && Math.abs(z) < cabin.depth / 2 - gap;
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
