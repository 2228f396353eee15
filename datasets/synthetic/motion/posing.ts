import {
  aboutX,
  aboutY,
  aboutZ,
  add,
  aimFrom,
  axisAngle,
  chain,
  clamp,
  conjugate,
  cross,
  DEG,
  distance,
  dot,
  mulQuat,
  normalize,
  type Quat,
  rotate,
  scale,
  slerp,
  sub,
  type Vec3,
} from '../math.ts';
import type { Controls } from './controls.ts';
import type { Posture, Skeleton } from './skeleton.ts';

type Side = 'L' | 'R';
const SPINE = ['spine05', 'spine04', 'spine03', 'spine02', 'spine01'] as const;
const NECK = ['neck01', 'neck02', 'neck03', 'head'] as const;

/** Where one foot stands: its ankle in the world, and the foot's turn. */
export interface Foothold {
  readonly ankle: Vec3;
  readonly rotation: Quat;
}

export interface PoseInput {
  readonly controls: Controls;
  /** World position of the root joint while the feet carry the body. */
  readonly root: Vec3;
  /** Heading, radians about y; 0 looks to the door. */
  readonly heading: number;
  readonly feet: Readonly<Record<Side, Foothold>>;
  readonly hands: Readonly<Partial<Record<Side, Vec3>>>;
}

/** Turns controls, footholds and hand targets into bone rotations. */
export function pose(skeleton: Skeleton, input: PoseInput): Posture {
  const { controls: c, root } = input;
  const world = new Map<number, Quat>();
  const turns = new Map<number, Quat>();
  const at = new Map<string, Vec3>();
  const pelvis = chain(aboutY(input.heading + c.yaw * DEG), aboutX(c.pitch * DEG), aboutZ(-c.roll * DEG));
  turns.set(0, pelvis);
  world.set(0, pelvis);
  at.set('root', root);

  const parentOf = (name: string): string =>
    skeleton.bones[skeleton.bones[skeleton.index(name)]?.parent ?? 0]?.name ?? 'root';
  const worldOf = (name: string): Quat => {
    const known = world.get(skeleton.index(name));
    return known ?? worldOf(parentOf(name));
  };
  const positionOf = (name: string): Vec3 => {
    const known = at.get(name);
    if (known) return known;
    const parent = parentOf(name);
    const p = add(
      positionOf(parent),
      rotate(worldOf(parent), sub(skeleton.rest(name), skeleton.rest(parent))),
    );
    at.set(name, p);
    return p;
  };
  const turn = (name: string, local: Quat): void => {
    const w = mulQuat(worldOf(parentOf(name)), local);
    turns.set(skeleton.index(name), local);
    world.set(skeleton.index(name), w);
  };
  const turnWorld = (name: string, rotation: Quat): void =>
    turn(name, mulQuat(conjugate(worldOf(parentOf(name))), rotation));

  for (const bone of SPINE)
    turn(
      bone,
      chain(
        aboutY((c.spineYaw / 5) * DEG),
        aboutX((c.spinePitch / 5) * DEG),
        aboutZ((-c.spineRoll / 5) * DEG),
      ),
    );
  for (const bone of NECK)
    turn(
      bone,
      chain(aboutY((c.neckYaw / 4) * DEG), aboutX((c.neckPitch / 4) * DEG), aboutZ((-c.neckRoll / 4) * DEG)),
    );

  for (const side of ['L', 'R'] as const) {
    poseLeg(side);
    poseArm(side);
  }
  return { root, turns };

  /** Fingers close about the hand's width; the thumb lies beside them and folds across what they hold. */
  function poseHand(side: Side, sign: number): void {
    const grip = c[`grip${side}`];
    const curl = (c.curl + 38 * grip) * DEG;
    for (let finger = 2; finger <= 5; finger++) {
      for (let k = 1; k <= 3; k++) turn(`finger${finger}-${k}.${side}`, aboutZ(-sign * curl));
    }
    turn(`finger1-1.${side}`, chain(aboutY(sign * 16 * DEG), aboutX((10 + 26 * grip) * DEG)));
    for (let k = 2; k <= 3; k++) turn(`finger1-${k}.${side}`, aboutX((8 + 22 * grip) * DEG));
  }

  function poseLeg(side: Side): void {
    const names = { hip: `upperleg01.${side}`, knee: `lowerleg01.${side}`, ankle: `foot.${side}` };
    const rest = restLimb(skeleton, names.hip, names.knee, names.ankle);
    const hinge: Vec3 = [1, 0, 0];
    const hip = positionOf(names.hip);
    const foot = input.feet[side];
    // Planted: the knee points where the foot points, opened by the spread so that a deep crouch makes room.
    const toes = rotate(foot.rotation, [0, 0, 1]);
    const flat = normalize(add(normalize([toes[0], 0, toes[2]]), scale(rotate(pelvis, [0, 0, 1]), 0.6)));
    const sideways = scale(
      rotate(pelvis, [1, 0, 0]),
      (side === 'L' ? 1 : -1) * Math.sin(c[`spread${side}`] * DEG),
    );
    const planted = solveLimb(hip, foot.ankle, rest.upper, rest.lower, add(flat, sideways));
    const plantedUpper = aimFrom(rest.upperAlong, hinge, planted.upperAlong, planted.hinge);
    const plantedLower = aimFrom(rest.lowerAlong, hinge, planted.lowerAlong, planted.hinge);
    // Free: angles against the pelvis.
    const open = (side === 'L' ? 1 : -1) * c[`spread${side}`] * DEG;
    const thigh = mulQuat(pelvis, chain(aboutX(-c[`hip${side}`] * DEG), aboutZ(open)));
    const shin = mulQuat(thigh, aboutX(c[`knee${side}`] * DEG));
    const down: Vec3 = [0, -1, 0];
    const freeUpper = mulQuat(thigh, aimFrom(rest.upperAlong, hinge, down, hinge));
    const freeLower = mulQuat(shin, aimFrom(rest.lowerAlong, hinge, down, hinge));
    turnWorld(names.hip, slerp(plantedUpper, freeUpper, c.free));
    turnWorld(names.knee, slerp(plantedLower, freeLower, c.free));
    turnWorld(names.ankle, slerp(foot.rotation, mulQuat(shin, aboutX(c[`ankle${side}`] * DEG)), c.free));
  }

  function poseArm(side: Side): void {
    const sign = side === 'L' ? 1 : -1;
    const names = { shoulder: `upperarm01.${side}`, elbow: `lowerarm01.${side}`, wrist: `wrist.${side}` };
    const rest = restLimb(skeleton, names.shoulder, names.elbow, names.wrist);
    const restHinge = normalize(cross(rest.upperAlong, rest.lowerAlong));
    const chest = worldOf('spine01');
    const target = input.hands[side];
    const weight = target ? c[`reach${side}`] : 0;
    const lifted = clamp((c[`out${side}`] - 60) / 120 + (c[`swing${side}`] - 80) / 160, 0, 0.5);
    turn(`clavicle.${side}`, aboutZ(sign * lifted * 0.6));
    const shoulder = positionOf(names.shoulder);

    const swung = mulQuat(
      chest,
      chain(aboutX(-c[`swing${side}`] * DEG), aboutZ(sign * c[`out${side}`] * DEG)),
    );
    const along = rotate(swung, [0, -1, 0]);
    const front = rotate(mulQuat(axisAngle(along, sign * c[`twist${side}`] * DEG), swung), [0, 0, 1]);
    const bend = c[`elbow${side}`] * DEG;
    const hinge = normalize(cross(along, front));
    const lowerAlong = add(scale(along, Math.cos(bend)), scale(front, Math.sin(bend)));
    let upperTurn = aimFrom(rest.upperAlong, restHinge, along, hinge);
    let lowerTurn = aimFrom(rest.lowerAlong, restHinge, lowerAlong, hinge);
    if (target && weight > 0) {
      // The elbow hangs down, out and back, as it does when hands reach forwards.
      const pole = rotate(chest, [sign * 0.55, -1, -0.35]);
      const reach = solveLimb(shoulder, target, rest.upper, rest.lower, pole);
      upperTurn = slerp(
        upperTurn,
        aimFrom(rest.upperAlong, restHinge, reach.upperAlong, reach.hinge),
        weight,
      );
      lowerTurn = slerp(
        lowerTurn,
        aimFrom(rest.lowerAlong, restHinge, reach.lowerAlong, reach.hinge),
        weight,
      );
    }
    turnWorld(names.shoulder, upperTurn);
    turnWorld(names.elbow, lowerTurn);
    poseHand(side, sign);
  }
}

interface RestLimb {
  readonly upper: number;
  readonly lower: number;
  readonly upperAlong: Vec3;
  readonly lowerAlong: Vec3;
}

function restLimb(skeleton: Skeleton, a: string, b: string, c: string): RestLimb {
  const [pa, pb, pc] = [skeleton.rest(a), skeleton.rest(b), skeleton.rest(c)];
  return {
    upper: distance(pa, pb),
    lower: distance(pb, pc),
    upperAlong: normalize(sub(pb, pa)),
    lowerAlong: normalize(sub(pc, pb)),
  };
}

/** Two bones from `from` to `to`, the middle joint on the side of `pole`; what is out of reach is stretched for. */
export function solveLimb(
  from: Vec3,
  to: Vec3,
  upper: number,
  lower: number,
  pole: Vec3,
): { upperAlong: Vec3; lowerAlong: Vec3; hinge: Vec3 } {
  const gap = sub(to, from);
  const d = clamp(Math.hypot(...gap), Math.abs(upper - lower) + 0.01, (upper + lower) * 0.999);
  const along = normalize(gap);
  const cos = clamp((upper * upper + d * d - lower * lower) / (2 * upper * d), -1, 1);
  const sin = Math.sqrt(1 - cos * cos);
  const bend = normalize(sub(pole, scale(along, dot(pole, along))));
  const middle = add(scale(along, upper * cos), scale(bend, upper * sin));
  const end = scale(along, d);
  // The hinge is the axis about which a knee folds backwards: x for a leg that hangs down with its knee forwards.
  return {
    upperAlong: normalize(middle),
    lowerAlong: normalize(sub(end, middle)),
    hinge: normalize(cross(bend, along)),
  };
}
