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
} from '../math.ts';
import type { FloorState } from './trajectory.ts';

export type Side = 'L' | 'R';

/** One foot's print on the floor: the point under the ankle when the foot is flat. */
interface Print {
  readonly x: number;
  readonly z: number;
  readonly heading: number;
}

export interface FootState {
  readonly ankle: Vec3;
  readonly rotation: Quat;
  /** True while the sole carries weight; a planted foot's print does not move. */
  readonly planted: boolean;
  readonly print: Print;
}

/** The measures of a body that its gait depends on, metres. */
export interface GaitBody {
  /** Ankle joint above the floor when the foot is flat. */
  readonly ankleHeight: number;
  readonly hipHeight: number;
  /** Half the distance between the feet when standing. */
  readonly halfStance: number;
  /** Ankle to ball of the foot and to the heel, along the foot. */
  readonly ball: number;
  readonly heel: number;
  /** Thigh plus shin. */
  readonly leg: number;
}

export interface GaitState {
  readonly feet: Readonly<Record<Side, FootState>>;
  /** How far the left foot is ahead of the right one, metres along the heading: drives arms and pelvis. */
  readonly lead: number;
  /** Shift of the pelvis towards the carrying foot, metres to the left. */
  readonly sway: number;
}

interface Foot {
  print: Print;
  swing: { from: Print; to: Print; start: number; end: number; lift: number } | undefined;
  landed: number;
}

const TOE_OUT = 7 * DEG;
/** Time both feet stay down between two steps, s. */
const DOUBLE_SUPPORT = 0.06;

/**
 * Plans footsteps under a floor trajectory: a foot is planted, stays exactly there while the body moves over it, and
 * swings to where the body will need it. So feet never slide, whether walking, side-stepping, turning or backing out.
 */
export function planGait(body: GaitBody, floor: readonly FloorState[], dt: number): GaitState[] {
  const last = floor.length - 1;
  const stateAt = (t: number): FloorState => floor[clamp(Math.round(t / dt), 0, last)] as FloorState;
  const home = (state: FloorState, side: Side, ahead = 0): Print => {
    const sign = side === 'L' ? 1 : -1;
    const [c, s] = [Math.cos(state.heading), Math.sin(state.heading)];
    return {
      x: state.x + c * sign * body.halfStance + s * ahead,
      z: state.z - s * sign * body.halfStance + c * ahead,
      heading: state.heading + sign * TOE_OUT,
    };
  };
  const begin = floor[0] as FloorState;
  const feet: Record<Side, Foot> = {
    L: { print: home(begin, 'L'), swing: undefined, landed: -1 },
    R: { print: home(begin, 'R'), swing: undefined, landed: -1 },
  };
  const stepTime = clamp(0.4 * Math.sqrt(body.leg / 0.85), 0.3, 0.46);

  const out: GaitState[] = [];
  for (let i = 0; i <= last; i++) {
    const t = i * dt;
    for (const foot of [feet.L, feet.R]) {
      if (foot.swing && t >= foot.swing.end) {
        foot.print = foot.swing.to;
        foot.landed = foot.swing.end;
        foot.swing = undefined;
      }
    }
    const resting =
      !feet.L.swing && !feet.R.swing && t - Math.max(feet.L.landed, feet.R.landed) >= DOUBLE_SUPPORT;
    if (resting) startStep(t);
    out.push(describe(t, floor[i] as FloorState));
  }
  smoothSway(out, dt);
  return out;

  function startStep(t: number): void {
    const landing = stateAt(t + stepTime);
    const later = stateAt(t + stepTime * 1.9);
    const moving = Math.hypot(later.x - stateAt(t).x, later.z - stateAt(t).z);
    let best: { side: Side; to: Print; need: number } | undefined;
    for (const side of ['L', 'R'] as const) {
      const foot = feet[side];
      // The sole is laid down where the body will be half-way through the coming stance.
      const middle = stateAt(t + stepTime + (stepTime + DOUBLE_SUPPORT) * 0.55);
      const to = home(
        { ...middle, heading: landing.heading + wrapAngle(middle.heading - landing.heading) * 0.5 },
        side,
      );
      const off = Math.hypot(to.x - foot.print.x, to.z - foot.print.z);
      const twist = Math.abs(wrapAngle(to.heading - foot.print.heading));
      const threshold = moving > 0.08 ? 0.1 : 0.035;
      const need = off / threshold + twist / (moving > 0.08 ? 35 * DEG : 14 * DEG);
      // Alternate: the foot that stood longest goes first when both are due.
      const patience = foot.landed < feet[side === 'L' ? 'R' : 'L'].landed ? 1.3 : 1;
      if (need >= 1 && (!best || need * patience > best.need)) best = { side, to, need: need * patience };
    }
    if (!best) return;
    const foot = feet[best.side];
    const reach = Math.hypot(best.to.x - foot.print.x, best.to.z - foot.print.z);
    foot.swing = {
      from: foot.print,
      to: best.to,
      start: t,
      end: t + stepTime,
      lift: clamp(0.03 + reach * 0.09, 0.03, 0.1),
    };
  }

  function describe(t: number, state: FloorState): GaitState {
    const forward: Vec3 = [Math.sin(state.heading), 0, Math.cos(state.heading)];
    const describeFoot = (side: Side): FootState => {
      const foot = feet[side];
      const ahead = (p: Print): number => (p.x - state.x) * forward[0] + (p.z - state.z) * forward[2];
      if (!foot.swing) {
        // Behind the body the heel comes off the floor and the foot turns about its ball.
        const rise = smooth(0.12, 0.42, -ahead(foot.print)) * 30 * DEG;
        const flatten = smooth(0, 0.09, t - foot.landed);
        const strike = foot.landed < 0 ? 0 : (1 - flatten) * strikePitch(foot.print, state);
        return { ...placeFoot(body, foot.print, rise || strike, 0), planted: true, print: foot.print };
      }
      const { from, to, start, end, lift } = foot.swing;
      const u = clamp((t - start) / (end - start), 0, 1);
      // Feet accelerate and brake within a step; the lift peaks before the middle.
      const along = u * u * u * (u * (6 * u - 15) + 10);
      const print = {
        x: mix(from.x, to.x, along),
        z: mix(from.z, to.z, along),
        heading: from.heading + wrapAngle(to.heading - from.heading) * along,
      };
      const off = smooth(0.12, 0.42, -ahead(from)) * 30 * DEG;
      const pitch = mix(
        mix(off, 12 * DEG * (off > 0 ? 1 : 0), smooth(0, 0.45, u)),
        strikePitch(to, state),
        smooth(0.35, 1, u),
      );
      return { ...placeFoot(body, print, pitch, lift * Math.sin(Math.PI * u ** 0.8)), planted: false, print };
    };
    const feetNow = { L: describeFoot('L'), R: describeFoot('R') };
    const lead =
      (feetNow.L.print.x - feetNow.R.print.x) * forward[0] +
      (feetNow.L.print.z - feetNow.R.print.z) * forward[2];
    const sway = feetNow.L.planted === feetNow.R.planted ? 0 : feetNow.L.planted ? 1 : -1;
    return { feet: feetNow, lead, sway: sway * 0.024 };
  }

  /** Toes up at heel strike, in proportion to how far ahead the foot lands. */
  function strikePitch(print: Print, state: FloorState): number {
    const ahead =
      (print.x - state.x) * Math.sin(state.heading) + (print.z - state.z) * Math.cos(state.heading);
    return -smooth(0.1, 0.4, ahead) * 16 * DEG;
  }
}

/** Pitches a foot about its ball (toes down, heel up) or about its heel (toes up), so that the sole never sinks. */
function placeFoot(
  body: GaitBody,
  print: Print,
  pitch: number,
  lift: number,
): { ankle: Vec3; rotation: Quat } {
  const yaw = aboutY(print.heading);
  const pivot = pitch > 0 ? body.ball : -body.heel;
  const arm = rotate(aboutX(pitch), [0, body.ankleHeight, -pivot]);
  const offset = rotate(yaw, [0, arm[1], arm[2] + pivot]);
  return { ankle: add([print.x, lift, print.z], offset), rotation: mulQuat(yaw, aboutX(pitch)) };
}

/** Weight shifts within about a quarter of a second, not at once. */
function smoothSway(states: GaitState[], dt: number): void {
  const radius = Math.max(1, Math.round(0.16 / dt));
  for (let round = 0; round < 2; round++) {
    const raw = states.map((s) => s.sway);
    for (let i = 0; i < states.length; i++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) sum += raw[clamp(i + k, 0, raw.length - 1)] as number;
      states[i] = { ...(states[i] as GaitState), sway: sum / (2 * radius + 1) };
    }
  }
}
