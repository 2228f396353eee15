import type { Box, Keypoint, Scene, Track } from '../../core/index.ts';

/** How a scripted body is held, side view. Lengths are in picture heights. */
export interface Stance {
  /** Where the hips are. */
  readonly x: number;
  readonly y: number;
  /** Spine against upright, degrees; positive leans to the right. */
  readonly lean: number;
  /** How far the ankles are below the hips, as a share of the leg: 1 standing, about 0.45 crouching, 0 lying. */
  readonly legs: number;
  /** Where bent legs put the feet: -1 stretched out away from the head, 1 stretched out below it. */
  readonly feet: number;
}

const SPINE = 0.2;
const LEG = 0.34;
export const ASPECT = 4 / 3;

const STANDING: Stance = { x: 0.6, y: 0.55, lean: 0, legs: 1, feet: -1 };
export const STANCES = Object.freeze({
  standing: STANDING,
  bending: { x: 0.6, y: 0.56, lean: 100, legs: 1, feet: -1 },
  crouching: { x: 0.6, y: 0.76, lean: 35, legs: 0.42, feet: -0.3 },
  tyingShoes: { x: 0.6, y: 0.8, lean: 95, legs: 0.3, feet: 0.3 },
  sittingOnFloor: { x: 0.6, y: 0.85, lean: 15, legs: 0.05, feet: -1 },
  lying: { x: 0.6, y: 0.88, lean: 86, legs: 0.03, feet: -1 },
} satisfies Record<string, Stance>);

/** Between two stances: 0 is the first, 1 the second. */
export function between(a: Stance, b: Stance, share: number): Stance {
  const at = (from: number, to: number): number => from + (to - from) * share;
  return {
    x: at(a.x, b.x),
    y: at(a.y, b.y),
    lean: at(a.lean, b.lean),
    legs: at(a.legs, b.legs),
    feet: at(a.feet, b.feet),
  };
}

/** A track of a body in this stance, with the 17 joints where a good pose model would put them. */
export function bodyTrack(trackId: number, ts: number, stance: Stance): Track {
  const lean = (stance.lean * Math.PI) / 180;
  const spine = { x: Math.sin(lean), y: -Math.cos(lean) };
  const side = { x: -spine.y, y: spine.x };
  const along = (length: number, aside: number): Keypoint => ({
    x: (stance.x + spine.x * length + side.x * aside) / ASPECT,
    y: stance.y + spine.y * length + side.y * aside,
    score: 0.8,
  });
  const drop = LEG * stance.legs;
  const reach = Math.sqrt(Math.max(0, LEG ** 2 - drop ** 2));
  const leg = (share: number, aside: number): Keypoint => ({
    x: (stance.x + stance.feet * reach * share + aside) / ASPECT,
    y: stance.y + drop * share,
    score: 0.8,
  });
  const head = [0.3, 0.32, 0.32, 0.31, 0.31].map((length, i) => along(length, (i % 2 ? 1 : -1) * 0.01));
  const arms = [SPINE, SPINE, SPINE * 0.6, SPINE * 0.6, SPINE * 0.2, SPINE * 0.2];
  const trunk = arms.map((length, i) => along(length, i % 2 ? 0.05 : -0.05));
  const hips = [along(0, -0.03), along(0, 0.03)];
  const legs = [leg(0.5, -0.02), leg(0.5, 0.02), leg(1, -0.02), leg(1, 0.02)];
  const keypoints = [...head, ...trunk, ...hips, ...legs];
  return {
    trackId,
    label: 'person',
    score: 0.9,
    box: around(keypoints),
    keypoints,
    firstSeen: 0,
    lastSeen: ts,
    state: 'confirmed',
  };
}

function around(points: readonly Keypoint[]): Box {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const margin = 0.02;
  return {
    x1: Math.min(...xs) - margin,
    y1: Math.min(...ys) - margin,
    x2: Math.max(...xs) + margin,
    y2: Math.max(...ys) + margin,
  };
}

const PICTURE: Scene['picture'] = {
  luma: 0.5,
  contrast: 0.2,
  detail: 0.1,
  motion: 0.1,
  foreground: 0.2,
  grey: false,
  identical: false,
};

export function sceneOf(ts: number, people: readonly Track[], more: Partial<Scene> = {}): Scene {
  return {
    liftId: 'lift-1',
    ts,
    aspect: ASPECT,
    inferred: true,
    people,
    objects: [],
    picture: PICTURE,
    ...more,
  };
}
