import { type CarState, runCar } from './car/car.ts';
import { cameraPose } from './lens.ts';
import {
  aboutX,
  aboutY,
  add,
  clamp,
  DEG,
  mix,
  mulQuat,
  type Quat,
  rotate,
  smooth,
  type Vec3,
  wrapAngle,
} from './math.ts';
import type { Side } from './motion/gait.ts';
import { type Performance, Performer, type Places } from './motion/performer.ts';
import type { BoneFrame, Posture } from './motion/skeleton.ts';
import { skin, skinMatrices } from './motion/skinning.ts';
import type { Body } from './people/body.ts';
import { createRandom } from './random.ts';
import type { ObjectSpec, PersonSpec, Scenario } from './scenario/schema.ts';
import { MEASURES } from './things/measures.ts';

export interface PersonState {
  readonly spec: PersonSpec;
  readonly performance: Performance;
  readonly posture: Posture;
  readonly frames: readonly BoneFrame[];
  readonly matrices: Float64Array;
  /** Where the chest is, world metres. */
  readonly chest: Vec3;
  /** Pelvis is inside the cabin. */
  readonly inside: boolean;
}

export interface ThingState {
  readonly spec: ObjectSpec;
  readonly position: Vec3;
  readonly rotation: Quat;
  readonly heading: number;
  /** How far the wheels have rolled, radians. */
  readonly rolled: number;
  /** Any part of it is inside the cabin. */
  readonly inside: boolean;
  readonly heldBy: string | undefined;
}

export interface PictureState {
  readonly light: 'on' | 'off' | 'emergency' | 'flicker' | 'dim';
  readonly fault: 'none' | 'covered' | 'partly-covered' | 'frozen' | 'infrared' | 'black';
  /** Seconds since the fault began and until it ends. */
  readonly faultAge: number;
  readonly faultLeft: number;
}

export interface WorldState {
  readonly t: number;
  readonly car: CarState;
  readonly people: readonly PersonState[];
  readonly things: readonly ThingState[];
  readonly picture: PictureState;
}

/** A fall has come to rest after this, s. */
const LYING_AFTER = 1.6;
/** Motion is simulated at about this rate and sampled at the frames. */
const SIMULATION_RATE = 60;

/** Everything that happens in a scenario, as a function of time. It draws nothing. */
export class World {
  readonly scenario: Scenario;
  readonly dt: number;
  readonly steps: number;
  readonly car: readonly CarState[];
  readonly #performers: ReadonlyMap<string, { performer: Performer; body: Body; spec: PersonSpec }>;
  readonly #rolled = new Map<string, number[]>();

  constructor(scenario: Scenario, bodies: ReadonlyMap<string, Body>) {
    this.scenario = scenario;
    const perFrame = Math.ceil(SIMULATION_RATE / scenario.fps);
    this.dt = 1 / (scenario.fps * perFrame);
    this.steps = Math.ceil(scenario.duration / this.dt);
    this.car = runCar(scenario, this.steps, this.dt);
    const random = createRandom(scenario.seed);
    const places = findPlaces(scenario);
    this.#performers = new Map(
      scenario.people.map((spec) => {
        const body = bodies.get(spec.id);
        if (!body) throw new RangeError(`no body was made for ${spec.id}`);
        const performer = new Performer({
          spec,
          body,
          places,
          steps: this.steps,
          dt: this.dt,
          random: random.fork(`motion ${spec.id}`),
        });
        this.#fitFalls(performer, body, spec);
        return [spec.id, { performer, body, spec }];
      }),
    );
    for (const object of scenario.objects) this.#rolled.set(object.id, this.#rollDistances(object));
  }

  at(t: number): WorldState {
    const step = clamp(Math.round(t / this.dt), 0, this.steps);
    const things = this.scenario.objects.map((object) => this.#thing(object, step));
    const people = [...this.#performers.values()].map((one) => this.#person(one, step, things));
    return { t, car: this.car[step] as CarState, people, things, picture: this.#picture(t) };
  }

  /** Turns each fall so that the lying body fits between the walls, as far as one turn can. */
  #fitFalls(performer: Performer, body: Body, spec: PersonSpec): void {
    const { width, depth } = this.scenario.cabin;
    for (const fall of spec.steps.filter((s) => s.do.startsWith('fall-'))) {
      const step = Math.round((fall.at + LYING_AFTER) / this.dt);
      const matrices = skinMatrices(body.bones, performer.skeleton.frames(performer.at(step).posture));
      const excess = (degrees: number): number => {
        const [across, along] = spread(body, matrices, degrees * DEG);
        return Math.max(0, across - width + 0.06) + Math.max(0, along - depth + 0.06);
      };
      let best = 0;
      for (let turn = 10; turn <= 90; turn += 10)
        for (const t of [turn, -turn]) if (excess(t) < excess(best) - 0.005) best = t;
      if (best !== 0) performer.twist(fall, best);
    }
  }

  #person(
    one: { performer: Performer; body: Body; spec: PersonSpec },
    step: number,
    things: readonly ThingState[],
  ): PersonState {
    const { performer, body, spec } = one;
    const performance = performer.at(step, this.#hands(spec.id, step, things));
    let posture = performance.posture;
    let frames = performer.skeleton.frames(posture);
    let matrices = skinMatrices(body.bones, frames);
    const { free } = performance.controls;
    if (free > 0) {
      const push = this.#rest(body, matrices, free);
      posture = { ...posture, root: add(posture.root, push) };
      frames = frames.map((f) => ({ ...f, position: add(f.position, push) }));
      matrices = skinMatrices(body.bones, frames);
    }
    const { depth } = this.scenario.cabin;
    const chest = (frames[performer.skeleton.index('spine02')] as BoneFrame).position;
    return { spec, performance, posture, frames, matrices, chest, inside: posture.root[2] < depth / 2 };
  }

  /** A body that has lost its footing rests on its lowest point and is kept in by the walls. */
  #rest(body: Body, matrices: Float64Array, free: number): Vec3 {
    const { width, depth } = this.scenario.cabin;
    const gap = 0.015;
    let lowest = Infinity;
    let [x1, x2, z1, z2] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const part of body.parts) {
      if (part.kind === 'hair' || part.kind === 'eyes' || part.kind === 'brows') continue;
      const v = skin(part, matrices, 3);
      for (let i = 0; i < v.length; i += 3) {
        const [x, y, z] = [v[i] as number, v[i + 1] as number, v[i + 2] as number];
        lowest = Math.min(lowest, y);
        [x1, x2, z1, z2] = [Math.min(x1, x), Math.max(x2, x), Math.min(z1, z), Math.max(z2, z)];
      }
    }
    return [into(x1, x2, width / 2 - gap), -lowest * free, into(z1, z2, depth / 2 - gap)];
  }

  #hands(person: string, step: number, things: readonly ThingState[]): Partial<Record<Side, Vec3>> {
    const t = step * this.dt;
    const hands: Partial<Record<Side, Vec3>> = {};
    for (const thing of things) {
      if (!thing.spec.held.some((h) => h.by === person && t >= h.from - 0.01 && t <= (h.until ?? Infinity)))
        continue;
      const [left, right] = MEASURES[thing.spec.kind].grips;
      if (left) hands.L = add(thing.position, rotate(thing.rotation, left));
      if (right) hands.R = add(thing.position, rotate(thing.rotation, right));
    }
    return hands;
  }

  #thing(object: ObjectSpec, step: number): ThingState {
    const { position, heading, heldBy } = this.#thingPlace(object, step);
    const measures = MEASURES[object.kind];
    // A suitcase is tilted when pulled.
    const tilt = object.kind === 'suitcase' && heldBy ? -22 * DEG : 0;
    const rolled =
      measures.wheelRadius > 0 ? (this.#rolled.get(object.id)?.[step] ?? 0) / measures.wheelRadius : 0;
    return {
      spec: object,
      position,
      rotation: tilt ? mulQuat(aboutY(heading), aboutX(tilt)) : aboutY(heading),
      heading,
      rolled,
      inside: position[2] - Math.abs(Math.cos(heading)) * measures.half[0] < this.scenario.cabin.depth / 2,
      heldBy,
    };
  }

  #thingPlace(
    object: ObjectSpec,
    step: number,
  ): { position: Vec3; heading: number; heldBy: string | undefined } {
    const t = step * this.dt;
    let place = object.start
      ? { position: [object.start.x, 0, object.start.z] as Vec3, heading: object.start.face * DEG }
      : undefined;
    for (const hold of [...object.held].sort((a, b) => a.from - b.from)) {
      if (t < hold.from && place) break;
      const end = Math.min(t, hold.until ?? Infinity);
      const grasped = this.#carried(object, hold.by, end);
      if (place) {
        const u = smooth(0, 0.6, t - hold.from);
        grasped.position = mixPlace(place.position, grasped.position, u);
        grasped.heading = place.heading + wrapAngle(grasped.heading - place.heading) * u;
      }
      place = grasped;
      if (hold.until === undefined || t < hold.until) return { ...place, heldBy: hold.by };
      // Let go: what was carried is set down.
      const [x, y, z] = place.position;
      place = { ...place, position: [x, y * (1 - smooth(0, 0.5, t - hold.until)), z] };
    }
    return { ...(place ?? { position: [0, 0, 0], heading: 0 }), heldBy: undefined };
  }

  #carried(object: ObjectSpec, by: string, t: number): { position: Vec3; heading: number } {
    const holder = this.#performers.get(by);
    if (!holder) throw new RangeError(`no person ${by}`);
    const step = clamp(Math.round(t / this.dt), 0, this.steps);
    const floor = holder.performer.floorAt(step);
    const [right, ahead, up] = MEASURES[object.kind].carried;
    const size = holder.body.height / 1.7;
    const drop = up > 0 ? holder.performer.at(step).controls.drop : 0;
    const offset = rotate(aboutY(floor.heading), [-right, 0, ahead * (up > 0 ? size : 1)]);
    return {
      position: [floor.x + offset[0], Math.max(0, up * size - drop), floor.z + offset[2]],
      heading: floor.heading,
    };
  }

  #rollDistances(object: ObjectSpec): number[] {
    const out: number[] = [];
    let sum = 0;
    let last: { position: Vec3; heading: number } | undefined;
    for (let step = 0; step <= this.steps; step++) {
      const place = this.#thingPlace(object, step);
      if (last) {
        const dx = place.position[0] - last.position[0];
        const dz = place.position[2] - last.position[2];
        sum += dx * Math.sin(place.heading) + dz * Math.cos(place.heading);
      }
      last = place;
      out.push(sum);
    }
    return out;
  }

  #picture(t: number): PictureState {
    const covers = (spell: { from: number; until?: number }): boolean =>
      t >= spell.from && t < (spell.until ?? Infinity);
    const light = this.scenario.lights.find(covers)?.state ?? 'on';
    const fault = this.scenario.pictures.find(covers);
    return {
      light,
      fault: fault?.fault ?? (this.scenario.camera.infrared ? 'infrared' : 'none'),
      faultAge: fault ? t - fault.from : 0,
      faultLeft: fault ? (fault.until ?? Infinity) - t : Infinity,
    };
  }
}

/** The shift that brings an interval within ±half, or to the middle where it is too long. */
function into(from: number, to: number, half: number): number {
  if (to - from > 2 * half) return -(from + to) / 2;
  return Math.max(0, -half - from) - Math.max(0, to - half);
}

/** Width and depth of a body's vertices turned about the vertical, metres. */
function spread(body: Body, matrices: Float64Array, turn: number): [number, number] {
  const [s, c] = [Math.sin(turn), Math.cos(turn)];
  let [x1, x2, z1, z2] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const part of body.parts) {
    const v = skin(part, matrices, 5);
    for (let i = 0; i < v.length; i += 3) {
      const x = (v[i] as number) * c + (v[i + 2] as number) * s;
      const z = (v[i + 2] as number) * c - (v[i] as number) * s;
      [x1, x2, z1, z2] = [Math.min(x1, x), Math.max(x2, x), Math.min(z1, z), Math.max(z2, z)];
    }
  }
  return [x2 - x1, z2 - z1];
}

const mixPlace = (a: Vec3, b: Vec3, u: number): Vec3 => [
  mix(a[0], b[0], u),
  mix(a[1], b[1], u),
  mix(a[2], b[2], u),
];

function findPlaces(scenario: Scenario): Places {
  const { cabin, camera } = scenario;
  // Seen from inside towards the door, left is +x.
  const sign = cabin.panel === 'left' ? 1 : -1;
  const z = cabin.depth / 2;
  return {
    // Hands end at the wrist here, so targets keep a hand's length off what is touched.
    panel: [sign * (cabin.width / 2 - 0.17), 1.22, z - 0.34],
    doorEdge: [cabin.doorOffset + (sign * cabin.doorWidth) / 2 - sign * 0.05, 1.25, z + 0.02],
    doorSeam: [cabin.doorOffset, 1.25, z - 0.13],
    camera: cameraPose(cabin, camera).position,
  };
}
