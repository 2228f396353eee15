/** Vectors are metres, x right, y up, z towards the door; quaternions are [x, y, z, w]; angles are radians. */
export type Vec3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];

export const IDENTITY: Quat = Object.freeze([0, 0, 0, 1] as const);
export const UP: Vec3 = Object.freeze([0, 1, 0] as const);
export const DEG = Math.PI / 180;

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const distance = (a: Vec3, b: Vec3): number => length(sub(a, b));
export const mixVec = (a: Vec3, b: Vec3, t: number): Vec3 => [
  mix(a[0], b[0], t),
  mix(a[1], b[1], t),
  mix(a[2], b[2], t),
];

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function normalize(a: Vec3): Vec3 {
  const l = length(a);
  return l > 1e-9 ? scale(a, 1 / l) : [0, 0, 1];
}

export function mulQuat(a: Quat, b: Quat): Quat {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ];
}

/** The product of all, the leftmost applied last. */
export const chain = (...qs: readonly Quat[]): Quat => qs.reduce(mulQuat, IDENTITY);
export const conjugate = (q: Quat): Quat => [-q[0], -q[1], -q[2], q[3]];

export function axisAngle(axis: Vec3, angle: number): Quat {
  const s = Math.sin(angle / 2);
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)];
}
export const aboutX = (angle: number): Quat => axisAngle([1, 0, 0], angle);
export const aboutY = (angle: number): Quat => axisAngle([0, 1, 0], angle);
export const aboutZ = (angle: number): Quat => axisAngle([0, 0, 1], angle);

export function rotate(q: Quat, v: Vec3): Vec3 {
  const u: Vec3 = [q[0], q[1], q[2]];
  const t = scale(cross(u, v), 2);
  return add(add(v, scale(t, q[3])), cross(u, t));
}

export function slerp(a: Quat, b: Quat, t: number): Quat {
  let cos = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = cos < 0 ? -1 : 1;
  cos *= sign;
  let wa = 1 - t;
  let wb = t * sign;
  if (cos < 0.9995) {
    const angle = Math.acos(cos);
    wa = Math.sin(wa * angle) / Math.sin(angle);
    wb = (Math.sin(t * angle) / Math.sin(angle)) * sign;
  }
  return normalizeQuat([
    a[0] * wa + b[0] * wb,
    a[1] * wa + b[1] * wb,
    a[2] * wa + b[2] * wb,
    a[3] * wa + b[3] * wb,
  ]);
}

function normalizeQuat(q: Quat): Quat {
  const l = Math.hypot(q[0], q[1], q[2], q[3]) || 1;
  return [q[0] / l, q[1] / l, q[2] / l, q[3] / l];
}

/** The rotation whose columns are the three given orthonormal axes. */
export function fromAxes(x: Vec3, y: Vec3, z: Vec3): Quat {
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const s = Math.sqrt(trace + 1) * 2;
    return normalizeQuat([(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4]);
  }
  if (x[0] > y[1] && x[0] > z[2]) {
    const s = Math.sqrt(1 + x[0] - y[1] - z[2]) * 2;
    return normalizeQuat([s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s]);
  }
  if (y[1] > z[2]) {
    const s = Math.sqrt(1 + y[1] - x[0] - z[2]) * 2;
    return normalizeQuat([(y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s, (z[0] - x[2]) / s]);
  }
  const s = Math.sqrt(1 + z[2] - x[0] - y[1]) * 2;
  return normalizeQuat([(z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4, (x[1] - y[0]) / s]);
}

/** A frame whose y axis is `along` and whose z axis leans to `pole` as far as it can. */
export function aim(along: Vec3, pole: Vec3): Quat {
  const y = normalize(along);
  const z = normalize(sub(pole, scale(y, dot(pole, y))));
  return fromAxes(cross(y, z), y, z);
}

/** The rotation that carries one aimed frame onto another, keeping the twist defined by the poles. */
export function aimFrom(restAlong: Vec3, restPole: Vec3, along: Vec3, pole: Vec3): Quat {
  return mulQuat(aim(along, pole), conjugate(aim(restAlong, restPole)));
}

export const clamp = (v: number, lo: number, hi: number): number => Math.min(hi, Math.max(lo, v));
export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
export const ramp = (a: number, b: number, t: number): number => clamp((t - a) / (b - a), 0, 1);

/** 0 before a, 1 after b, with no jerk at either end. */
export function smooth(a: number, b: number, t: number): number {
  const u = ramp(a, b, t);
  return u * u * (3 - 2 * u);
}

/** The angle brought into -π…π. */
export function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
