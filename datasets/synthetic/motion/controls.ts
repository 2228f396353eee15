/**
 * What an action steers: a body described by a few dozen numbers, so that postures blend by plain interpolation.
 * Lengths are metres in the person's heading frame, angles degrees.
 */
export interface Controls {
  /** How far the pelvis hangs below standing, and where it is shifted to. */
  drop: number;
  forward: number;
  side: number;
  /** The pelvis against the heading: nose-down, to the left, onto the left side. */
  pitch: number;
  yaw: number;
  roll: number;
  spinePitch: number;
  spineYaw: number;
  spineRoll: number;
  neckPitch: number;
  neckYaw: number;
  neckRoll: number;
  /** Upper arms: forwards from hanging, away from the body, turned about themselves; elbows. */
  swingL: number;
  swingR: number;
  outL: number;
  outR: number;
  twistL: number;
  twistR: number;
  elbowL: number;
  elbowR: number;
  /** Legs while they are free (falling, lying): forwards, apart, knees, toes down. */
  hipL: number;
  hipR: number;
  spreadL: number;
  spreadR: number;
  kneeL: number;
  kneeR: number;
  ankleL: number;
  ankleR: number;
  /** 0: feet stand where they were planted; 1: legs follow the angles above and the body rests on its lowest point. */
  free: number;
  /** Weight of each hand's target, 0–1. */
  reachL: number;
  reachR: number;
  /** How far the hands are closed at rest, degrees a joint; and each hand's grip on something, 0–1. */
  curl: number;
  gripL: number;
  gripR: number;
  /** Height of both feet above the floor while jumping. */
  air: number;
}

export const STANDING: Readonly<Controls> = Object.freeze({
  drop: 0,
  forward: 0,
  side: 0,
  pitch: 0,
  yaw: 0,
  roll: 0,
  spinePitch: 2,
  spineYaw: 0,
  spineRoll: 0,
  neckPitch: 6,
  neckYaw: 0,
  neckRoll: 0,
  swingL: 2,
  swingR: 2,
  outL: 9,
  outR: 9,
  twistL: 0,
  twistR: 0,
  elbowL: 14,
  elbowR: 14,
  hipL: 0,
  hipR: 0,
  spreadL: 4,
  spreadR: 4,
  kneeL: 4,
  kneeR: 4,
  ankleL: 0,
  ankleR: 0,
  free: 0,
  reachL: 0,
  reachR: 0,
  curl: 24,
  gripL: 0,
  gripR: 0,
  air: 0,
});

const KEYS = Object.keys(STANDING) as (keyof Controls)[];

/** `over` laid over `base` with a weight of 0–1; what it leaves out stays. */
export function blend(base: Controls, over: Partial<Controls>, weight: number): Controls {
  if (weight <= 0) return base;
  const out = { ...base };
  for (const key of KEYS) {
    const value = over[key];
    if (value !== undefined) out[key] = base[key] + (value - base[key]) * weight;
  }
  return out;
}
