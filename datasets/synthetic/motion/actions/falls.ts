import { ramp, smooth } from '../../math.ts';
import { type Controls, STANDING } from '../controls.ts';
import type { Action } from './action.ts';

/**
 * Falls as three stages: the legs give way with the feet still in place, the body tips while the legs come free, and it
 * comes to rest. Dropping grows with the square of time, as in free fall; a standing person is down within about 1 s.
 */
interface Fall {
  readonly name: string;
  /** Seconds: end of the buckling, end of the tipping, at rest. */
  readonly buckled: number;
  readonly down: number;
  readonly still: number;
  readonly buckle: Partial<Controls>;
  readonly lying: Partial<Controls>;
}

/** Who has fainted no longer sways or looks around. */
const LIMP: Partial<Controls> = {
  curl: 34,
  yaw: 0,
  side: 0,
  forward: 0,
  roll: 0,
  pitch: 0,
  spineYaw: 0,
  spineRoll: 0,
  neckYaw: 0,
  neckRoll: 0,
  neckPitch: 12,
};

/** The legs' angles when they fold under a body that has dropped: the same fold that planted feet give. */
const folded = (hip: number, knee: number): Partial<Controls> => ({
  hipL: hip,
  hipR: hip,
  kneeL: knee,
  kneeR: knee,
  ankleL: hip - knee,
  ankleR: hip - knee,
});

const FALLS: readonly Fall[] = [
  {
    name: 'fall-collapse',
    buckled: 0.46,
    down: 0.96,
    still: 1.35,
    buckle: {
      ...LIMP,
      ...folded(62, 120),
      drop: 0.44,
      forward: -0.06,
      spinePitch: 26,
      neckPitch: 30,
      spineRoll: 8,
      swingL: 14,
      swingR: 20,
      elbowL: 30,
      elbowR: 34,
    },
    lying: {
      ...LIMP,
      roll: 82,
      pitch: 6,
      side: 0.3,
      forward: -0.08,
      spinePitch: 16,
      spineRoll: -6,
      neckPitch: 14,
      neckRoll: 12,
      hipL: 44,
      kneeL: 78,
      hipR: 62,
      kneeR: 92,
      ankleL: 22,
      ankleR: 24,
      spreadL: 2,
      spreadR: -8,
      swingL: 76,
      outL: -16,
      elbowL: 52,
      swingR: 64,
      outR: -30,
      elbowR: 40,
    },
  },
  {
    name: 'fall-sideways',
    buckled: 0.34,
    down: 0.92,
    still: 1.3,
    buckle: {
      ...LIMP,
      ...folded(38, 74),
      drop: 0.16,
      side: 0.16,
      roll: 18,
      spineRoll: 12,
      outL: 50,
      outR: 34,
      elbowL: 30,
      elbowR: 30,
    },
    lying: {
      ...LIMP,
      roll: 86,
      side: 0.46,
      spinePitch: 8,
      neckRoll: 10,
      neckPitch: 10,
      hipL: 38,
      kneeL: 72,
      hipR: 52,
      kneeR: 88,
      ankleL: 20,
      ankleR: 20,
      spreadR: -6,
      swingL: 84,
      outL: -12,
      elbowL: 60,
      swingR: 56,
      outR: -28,
      elbowR: 36,
    },
  },
  {
    // Ends prone and straight, so it wants about 1.9 m of room.
    name: 'fall-forward',
    buckled: 0.44,
    down: 0.98,
    still: 1.4,
    buckle: {
      ...LIMP,
      ...folded(44, 112),
      drop: 0.4,
      forward: 0.1,
      pitch: 14,
      spinePitch: 24,
      swingL: 60,
      swingR: 66,
      elbowL: 40,
      elbowR: 40,
      neckPitch: 10,
    },
    lying: {
      ...LIMP,
      pitch: 84,
      roll: 8,
      forward: 0.2,
      spinePitch: 0,
      neckPitch: -4,
      neckYaw: 55,
      hipL: 2,
      kneeL: 14,
      hipR: 8,
      kneeR: 24,
      spreadL: 8,
      spreadR: 22,
      ankleL: 40,
      ankleR: 34,
      swingL: 4,
      outL: 82,
      elbowL: 10,
      swingR: 0,
      outR: 24,
      elbowR: 20,
    },
  },
  {
    name: 'fall-backward',
    buckled: 0.4,
    down: 0.95,
    still: 1.35,
    buckle: {
      ...LIMP,
      ...folded(84, 124),
      drop: 0.46,
      forward: -0.3,
      pitch: -14,
      spinePitch: 20,
      swingL: 40,
      swingR: 44,
      outL: 30,
      outR: 30,
      elbowL: 34,
      elbowR: 34,
    },
    lying: {
      ...LIMP,
      pitch: -86,
      forward: -0.42,
      spinePitch: 6,
      neckPitch: 8,
      neckYaw: 24,
      hipL: 42,
      kneeL: 74,
      hipR: 16,
      kneeR: 30,
      spreadL: 12,
      spreadR: 14,
      ankleL: 26,
      ankleR: 28,
      swingL: 14,
      outL: 42,
      elbowL: 34,
      swingR: -4,
      outR: 56,
      elbowR: 62,
    },
  },
];

/** Seconds that getting up takes: the fall run backwards, slowly. */
export const GET_UP_TIME = 3.4;

/** `progress` is in seconds of falling, so that getting up can run it backwards. */
function fallControls(fall: Fall, progress: number, size: number): Partial<Controls> {
  const give = ramp(0, fall.buckled, progress) ** 2;
  const tipping = ramp(fall.buckled * 0.7, fall.down, progress);
  // Speeds up on the way down, then settles with a small rebound.
  const tip = tipping ** 1.4 - 0.035 * Math.sin(Math.PI * ramp(fall.down, fall.still, progress));
  const out: Partial<Controls> = {};
  const keys = new Set([...Object.keys(fall.buckle), ...Object.keys(fall.lying)]) as Set<keyof Controls>;
  for (const key of keys) {
    const start = STANDING[key];
    const middle = start + ((fall.buckle[key] ?? start) - start) * give;
    const end = fall.lying[key] ?? (key === 'drop' ? (fall.buckle.drop ?? 0) : middle);
    const metres = key === 'drop' || key === 'forward' || key === 'side';
    // Legs stay folded until the body is nearly down; unfolding earlier would lift it again.
    const share = /^(hip|knee|ankle)/.test(key) ? tip ** 4 : tip;
    out[key] = (middle + (end - middle) * share) * (metres ? size : 1);
  }
  out.free = smooth(fall.buckled * 0.85, fall.down * 0.92, progress);
  return out;
}

export const FALL_ACTIONS: readonly Action[] = FALLS.map((fall) => ({
  name: fall.name,
  fadeIn: 0.12,
  fadeOut: 0,
  pose: ({ t, duration, size }) => {
    const left = duration - t;
    const rising = left < GET_UP_TIME ? (left / GET_UP_TIME) * fall.still : Infinity;
    // Breathing is all that is left of motion.
    const breath = t > fall.still ? 0.35 * Math.sin(t * 1.6) : 0;
    const controls = fallControls(fall, Math.min(t, rising), size);
    return { controls: { ...controls, spinePitch: (controls.spinePitch ?? 0) + breath } };
  },
}));
