import { aboutY, add, clamp, DEG, distance, rotate, smooth, sub, type Vec3, wrapAngle } from '../math.ts';
import type { Body } from '../people/body.ts';
import type { Random } from '../random.ts';
import type { PersonSpec } from '../scenario/schema.ts';
import { ACTIONS, type Action, type ActionContext, GET_UP_TIME } from './actions/index.ts';
import { blend, type Controls, STANDING } from './controls.ts';
import { type GaitBody, type GaitState, planGait, type Side } from './gait.ts';
import { pose } from './posing.ts';
import { type Posture, Skeleton } from './skeleton.ts';
import { type FloorState, type WalkOrder, walk } from './trajectory.ts';

/** Places that actions refer to, world metres. */
export type Places = Pick<ActionContext, 'panel' | 'doorEdge' | 'doorSeam' | 'camera'>;

export interface Performance {
  readonly posture: Posture;
  readonly floor: FloorState;
  readonly gait: GaitState;
  readonly controls: Controls;
  /** What the person is doing, as the truth calls it. */
  readonly action: string;
  /** The hand that holds a phone. */
  readonly phone: Side | undefined;
}

export interface PerformerDeps {
  readonly spec: PersonSpec;
  readonly body: Body;
  readonly places: Places;
  readonly steps: number;
  readonly dt: number;
  readonly random: Random;
}

/** Grown-up leg, metres: the actions' depths are given for it. */
const REFERENCE_LEG = 0.84;

/** One person acting through the whole clip. Pure: the same input gives the same motion. */
export class Performer {
  readonly skeleton: Skeleton;
  readonly #deps: PerformerDeps;
  readonly #floor: readonly FloorState[];
  readonly #gait: readonly GaitState[];
  readonly #body: GaitBody;
  readonly #pelvis: readonly number[];
  readonly #phases: readonly number[];
  readonly #twists = new Map<PersonSpec['steps'][number], number>();

  constructor(deps: PerformerDeps) {
    this.#deps = deps;
    this.skeleton = new Skeleton(deps.body.bones);
    this.#body = measure(this.skeleton);
    const orders: WalkOrder[] = deps.spec.steps
      .filter((s) => s.do === 'walk' || s.do === 'turn')
      .map((s) => ({
        at: s.at,
        via: s.do === 'walk' ? (s.to ?? []) : [],
        speed: (s.speed ?? 0.95) * clamp(this.#body.leg / REFERENCE_LEG, 0.6, 1.1),
        face: s.face,
        backward: s.backward ?? false,
        keepFacing: s.keepFacing ?? false,
      }));
    const { start } = deps.spec;
    this.#floor = walk({ x: start.x, z: start.z, heading: start.face * DEG }, orders, deps.steps, deps.dt);
    this.#gait = planGait(this.#body, this.#floor, deps.dt);
    this.#pelvis = this.#pelvisHeights();
    this.#phases = Array.from({ length: 8 }, () => deps.random.between(0, 2 * Math.PI));
  }

  /** Makes a fall end turned by so many degrees, as where the cabin is too narrow to lie straight. */
  twist(fall: PersonSpec['steps'][number], degrees: number): void {
    this.#twists.set(fall, degrees);
  }

  floorAt(step: number): FloorState {
    return this.#floor[clamp(step, 0, this.#floor.length - 1)] as FloorState;
  }

  /** @param hands world places the hands hold, as a bike's grips; they win over an action's own */
  at(step: number, hands: Partial<Record<Side, Vec3>> = {}): Performance {
    const floor = this.floorAt(step);
    const gait = this.#gait[clamp(step, 0, this.#gait.length - 1)] as GaitState;
    const t = step * this.#deps.dt;
    let controls = this.#life(t, floor, gait);
    const targets: Partial<Record<Side, Vec3>> = {};
    let action = floor.speed > 0.05 ? 'walking' : 'standing';
    let phone: Side | undefined;
    let lookAt: { place: Vec3; weight: number } | undefined;
    for (const active of this.#active(t)) {
      const made = active.action.pose(active.context);
      controls = blend(controls, made.controls, active.weight);
      const twist = this.#twists.get(active.step) ?? 0;
      if (twist !== 0) controls = { ...controls, yaw: controls.yaw + twist * controls.free };
      Object.assign(targets, made.hands);
      if (made.lookAt) lookAt = { place: made.lookAt, weight: active.weight };
      if (active.action.holds && active.weight > 0.5) phone = active.context.side;
      if (active.weight > 0.3) action = truthName(active.action.name, active.context, controls);
    }
    if (hands.L || hands.R) {
      Object.assign(targets, hands);
      controls = {
        ...controls,
        reachL: hands.L ? 1 : controls.reachL,
        reachR: hands.R ? 1 : controls.reachR,
        gripL: hands.L ? 1 : controls.gripL,
        gripR: hands.R ? 1 : controls.gripR,
        spinePitch: controls.spinePitch + 7,
      };
    }
    if (lookAt) controls = this.#look(controls, floor, lookAt.place, lookAt.weight);
    const feet = controls.air > 0 ? raise(gait, controls.air) : gait.feet;
    const root = this.#root(step, floor, controls);
    const posture = pose(this.skeleton, { controls, root, heading: floor.heading, feet, hands: targets });
    return { posture, floor, gait, controls, action, phone };
  }

  /** Standing and walking: arms swing against the legs, the pelvis sways, the eyes wander, nobody is quite still. */
  #life(t: number, floor: FloorState, gait: GaitState): Controls {
    const p = this.#phases;
    const still = 1 - smooth(0.1, 0.5, floor.speed);
    const wave = (period: number, k: number): number =>
      Math.sin((2 * Math.PI * t) / period + (p[k] as number));
    const stride = clamp(gait.lead / 0.5, -1.2, 1.2);
    return {
      ...STANDING,
      side: gait.sway + still * (0.014 * wave(7.3, 0) + 0.006 * wave(2.9, 1)),
      forward: still * 0.008 * wave(5.1, 2),
      drop: 0.012,
      yaw: -stride * 7,
      roll: gait.sway * 90,
      spineYaw: stride * 13 + still * 4 * wave(9.7, 3),
      spineRoll: -gait.sway * 90 + still * 1.5 * wave(6.1, 4),
      spinePitch: STANDING.spinePitch + (1 - still) * 3 + 0.5 * wave(3.6, 5),
      neckYaw: still * (15 * wave(8.3, 6) + 9 * wave(3.7, 7)) - stride * 5,
      neckPitch: STANDING.neckPitch + still * 5 * wave(11, 1),
      swingL: STANDING.swingL - stride * 24,
      swingR: STANDING.swingR + stride * 24,
      elbowL: STANDING.elbowL + (1 - still) * (8 + 10 * Math.max(0, -stride)),
      elbowR: STANDING.elbowR + (1 - still) * (8 + 10 * Math.max(0, stride)),
    };
  }

  #active(
    t: number,
  ): { step: PersonSpec['steps'][number]; action: Action; context: ActionContext; weight: number }[] {
    const { spec, places, body } = this.#deps;
    const out = [];
    for (const step of spec.steps) {
      const action = ACTIONS.get(step.do);
      if (!action || t < step.at) continue;
      const duration = step.for ?? Infinity;
      if (t > step.at + duration) continue;
      const since = t - step.at;
      const fade = Math.min(
        smooth(0, action.fadeIn, since),
        action.fadeOut > 0 ? smooth(0, action.fadeOut, duration - since) : 1,
      );
      out.push({
        step,
        action,
        weight: fade,
        context: {
          ...places,
          t: since,
          duration,
          side: (step.side === 'left' ? 'L' : 'R') as Side,
          size: this.#body.leg / REFERENCE_LEG,
          shoulder: body.height * 0.8,
        },
      });
    }
    return out;
  }

  #look(controls: Controls, floor: FloorState, place: Vec3, weight: number): Controls {
    const dx = place[0] - floor.x;
    const dz = place[2] - floor.z;
    const yaw = wrapAngle(Math.atan2(dx, dz) - floor.heading) / DEG;
    const eye = this.#deps.body.height * 0.93 - controls.drop;
    const pitch = -Math.atan2(place[1] - eye, Math.hypot(dx, dz)) / DEG;
    return blend(controls, { neckYaw: clamp(yaw, -65, 65), neckPitch: clamp(pitch, -35, 45) }, weight);
  }

  #root(step: number, floor: FloorState, controls: Controls): Vec3 {
    const rest = this.skeleton.rest('root');
    const reach = this.#pelvis[clamp(step, 0, this.#pelvis.length - 1)] as number;
    const height =
      Math.min(rest[1] - controls.drop, reach - Math.max(0, controls.drop - 0.03)) + controls.air;
    return add(
      [floor.x, height, floor.z],
      rotate(aboutY(floor.heading), [controls.side, 0, controls.forward + rest[2]]),
    );
  }

  /** The root's highest place at each step such that both legs reach their feet, smoothed so that it bobs, not jumps. */
  #pelvisHeights(): number[] {
    const rest = this.skeleton.rest('root');
    const hips = { L: this.skeleton.rest('upperleg01.L'), R: this.skeleton.rest('upperleg01.R') };
    const raw = this.#gait.map((gait, i) => {
      const floor = this.#floor[i] as FloorState;
      let lowest = rest[1] - 0.012;
      for (const side of ['L', 'R'] as const) {
        const offset = sub(hips[side], rest);
        const at = add(
          [floor.x, 0, floor.z],
          rotate(aboutY(floor.heading), [offset[0] + gait.sway, 0, offset[2] + rest[2]]),
        );
        const ankle = gait.feet[side].ankle;
        const flat = Math.hypot(at[0] - ankle[0], at[2] - ankle[2]);
        const full = this.#body.leg * 0.996;
        lowest = Math.min(
          lowest,
          ankle[1] + Math.sqrt(Math.max(0.01, full * full - flat * flat)) - offset[1],
        );
      }
      return lowest;
    });
    return average(erode(raw, Math.round(0.05 / this.#deps.dt)), Math.round(0.07 / this.#deps.dt));
  }
}

function truthName(name: string, context: ActionContext, controls: Controls): string {
  if (!name.startsWith('fall-')) return name;
  if (context.duration - context.t < GET_UP_TIME) return 'getting-up';
  return controls.free > 0.98 && context.t > 1.1 ? 'lying' : 'falling';
}

function raise(gait: GaitState, by: number): GaitState['feet'] {
  const up = (side: Side): GaitState['feet'][Side] => ({
    ...gait.feet[side],
    ankle: add(gait.feet[side].ankle, [0, by, 0]),
  });
  return { L: up('L'), R: up('R') };
}

function measure(skeleton: Skeleton): GaitBody {
  const hip = skeleton.rest('upperleg01.L');
  const knee = skeleton.rest('lowerleg01.L');
  const ankle = skeleton.rest('foot.L');
  const toe = skeleton.rest('toe1-1.L');
  const leg = distance(hip, knee) + distance(knee, ankle);
  return {
    ankleHeight: ankle[1],
    hipHeight: hip[1],
    halfStance: Math.abs(hip[0]) * 0.95,
    ball: toe[2] - ankle[2],
    heel: leg * 0.06,
    leg,
  };
}

const erode = (values: readonly number[], radius: number): number[] =>
  window(values, radius, (part) => Math.min(...part));
const average = (values: readonly number[], radius: number): number[] =>
  window(values, radius, (part) => part.reduce((a, b) => a + b, 0) / part.length);

function window(values: readonly number[], radius: number, fold: (part: number[]) => number): number[] {
  return values.map((_, i) => fold(values.slice(Math.max(0, i - radius), i + radius + 1)));
}
