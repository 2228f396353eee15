import {
  add,
  axisAngle,
  clamp,
  cross,
  DEG,
  dot,
  normalize,
  rotate,
  scale,
  sub,
  UP,
  type Vec3,
} from './math.ts';
import type { Cabin, Camera } from './scenario/schema.ts';

/**
 * A family of lenses: an angle θ off the axis lands at radius tan(kθ)/k. k = 1 is a pinhole, 0.5 stereographic, 0 an
 * equidistant fisheye; real cabin cameras lie between. One formula for the renderer, the truth and the tests.
 */
export interface Lens {
  readonly k: number;
  /** Radius at the left and right edge of the picture. */
  readonly edge: number;
  /** Rays beyond this angle are not drawn, radians. */
  readonly maxAngle: number;
}

export function createLens(hfovDegrees: number, fisheye: number): Lens {
  const k = 1 - fisheye;
  const half = (hfovDegrees / 2) * DEG;
  if (k * half > 1.5)
    throw new RangeError(
      `a lens with fisheye ${fisheye} cannot see ${hfovDegrees} degrees; raise fisheye or lower hfov`,
    );
  return { k, edge: lensRadius(k, half), maxAngle: Math.min(1.48 / Math.max(k, 1e-3), 1.9) };
}

export const lensRadius = (k: number, angle: number): number =>
  k > 1e-3 ? Math.tan(Math.min(k * angle, 1.52)) / k : angle;

export interface CameraPose {
  readonly position: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  readonly forward: Vec3;
}

export interface Projected {
  /** 0–1 of the picture, x to the right, y down; may lie outside. */
  readonly x: number;
  readonly y: number;
  /** Metres from the lens. */
  readonly distance: number;
  /** False behind the lens's reach. */
  readonly seen: boolean;
}

const MARGIN = 0.09;

/** Where the camera hangs and where it looks, from the scenario's words. */
export function cameraPose(cabin: Cabin, camera: Camera): CameraPose {
  const position: Vec3 = (camera.position as Vec3 | undefined) ?? mountPosition(cabin, camera);
  const target: Vec3 = (camera.lookAt as Vec3 | undefined) ?? defaultTarget(cabin, camera, position);
  const forward = normalize(sub(target, position));
  // Straight down there is no "up": the top of the picture is then the door.
  const above: Vec3 = Math.abs(forward[1]) > 0.995 ? [0, 0, 1] : UP;
  const level = normalize(cross(forward, above));
  const right = rotate(axisAngle(forward, camera.roll * DEG), level);
  return { position, right, up: cross(right, forward), forward };
}

function mountPosition(cabin: Cabin, camera: Camera): Vec3 {
  const y = camera.height ?? (camera.mount === 'eye' ? 1.6 : cabin.height - 0.07);
  const x = cabin.width / 2 - MARGIN;
  const z = cabin.depth / 2 - MARGIN;
  // Seen from inside towards the door, left is +x.
  const places: Readonly<Record<Camera['mount'], Vec3>> = {
    'back-left': [x, y, -z],
    'back-right': [-x, y, -z],
    'front-left': [x, y, z],
    'front-right': [-x, y, z],
    back: [0, y, -z],
    centre: [0, y, 0],
    eye: [0.2, y, cabin.depth / 2 + 1.1],
  };
  return places[camera.mount];
}

function defaultTarget(cabin: Cabin, camera: Camera, from: Vec3): Vec3 {
  if (camera.mount === 'centre') return [0, 0, 0];
  if (camera.mount === 'eye') return [0, 0.9, 0];
  const towards = scale([-from[0], 0, -from[2]], 0.42);
  return add([0, cabin.height * 0.33, 0], towards);
}

/** Projects world points into the picture. */
export class Projector {
  readonly pose: CameraPose;
  readonly lens: Lens;
  readonly #aspect: number;

  constructor(pose: CameraPose, lens: Lens, width: number, height: number) {
    this.pose = pose;
    this.lens = lens;
    this.#aspect = width / height;
  }

  project(p: Vec3): Projected {
    const d = sub(p, this.pose.position);
    const x = dot(d, this.pose.right);
    const y = dot(d, this.pose.up);
    const z = dot(d, this.pose.forward);
    const flat = Math.hypot(x, y);
    const angle = Math.atan2(flat, z);
    const radius = lensRadius(this.lens.k, angle) / this.lens.edge;
    const s = flat > 1e-9 ? radius / flat : 0;
    return {
      x: 0.5 + 0.5 * x * s,
      y: 0.5 - 0.5 * y * s * this.#aspect,
      distance: Math.hypot(flat, z),
      seen: angle < this.lens.maxAngle,
    };
  }
}

export const insidePicture = (p: Projected): boolean => p.seen && p.x >= 0 && p.x < 1 && p.y >= 0 && p.y < 1;
export const clampPicture = (v: number): number => clamp(v, 0, 1);
