import type { Vec3 } from '../math.ts';
import type { ObjectKind } from '../scenario/schema.ts';

/** How a thing is handled and how much room it takes. Its own frame: forwards is z, the floor is y = 0, metres. */
export interface ThingMeasures {
  /** Half length along z, half width along x, and height. */
  readonly half: readonly [number, number];
  /** Half width at its two ends, where that is less: wheels in line end narrow, bars stick out between. */
  readonly tip?: number;
  readonly height: number;
  /** Where it is against the person who holds it: to the person's right, ahead, above the floor. */
  readonly carried: Vec3;
  /** Where the hands take it, in its own frame: left, right; undefined hangs free. */
  readonly grips: readonly [Vec3 | undefined, Vec3 | undefined];
  readonly wheelRadius: number;
}

/** The person walks on the left of a bike, hands on its bars. */
export const MEASURES: Readonly<Record<ObjectKind, ThingMeasures>> = Object.freeze({
  'ebike-moped': {
    half: [0.86, 0.33],
    tip: 0.14,
    height: 1.1,
    carried: [0.47, 0.02, 0],
    grips: [
      [0.29, 1.02, 0.24],
      [-0.2, 1.03, 0.26],
    ],
    wheelRadius: 0.22,
  },
  'ebike-city': {
    half: [0.82, 0.31],
    tip: 0.1,
    height: 1.08,
    carried: [0.46, 0.02, 0],
    grips: [
      [0.27, 1.03, 0.16],
      [-0.2, 1.03, 0.17],
    ],
    wheelRadius: 0.29,
  },
  'ebike-covered': {
    half: [0.9, 0.38],
    tip: 0.16,
    height: 1.1,
    carried: [0.52, 0.02, 0],
    grips: [
      [0.3, 1.02, 0.24],
      [-0.18, 1.04, 0.26],
    ],
    wheelRadius: 0.22,
  },
  scooter: {
    half: [0.58, 0.24],
    tip: 0.1,
    height: 1.15,
    carried: [0.36, 0.05, 0],
    grips: [
      [0.22, 1.08, 0.34],
      [-0.18, 1.08, 0.34],
    ],
    wheelRadius: 0.11,
  },
  bicycle: {
    half: [0.86, 0.3],
    tip: 0.08,
    height: 1.06,
    carried: [0.44, 0.04, 0],
    grips: [
      [0.27, 1.02, 0.28],
      [-0.2, 1.02, 0.3],
    ],
    wheelRadius: 0.33,
  },
  pram: {
    half: [0.48, 0.29],
    height: 1.05,
    carried: [0, 0.72, 0],
    grips: [
      [0.16, 1, -0.44],
      [-0.16, 1, -0.44],
    ],
    wheelRadius: 0.11,
  },
  wheelchair: {
    half: [0.52, 0.33],
    height: 0.95,
    carried: [0, 0.7, 0],
    grips: [
      [0.22, 0.93, -0.4],
      [-0.22, 0.93, -0.4],
    ],
    wheelRadius: 0.3,
  },
  suitcase: {
    half: [0.15, 0.23],
    height: 1.04,
    carried: [0.3, -0.22, 0],
    grips: [undefined, [0, 1, -0.06]],
    wheelRadius: 0.03,
  },
  trolley: {
    half: [0.5, 0.29],
    height: 0.98,
    carried: [0, 0.78, 0],
    grips: [
      [0.2, 0.96, -0.46],
      [-0.2, 0.96, -0.46],
    ],
    wheelRadius: 0.07,
  },
  parcel: {
    half: [0.17, 0.22],
    height: 0.3,
    carried: [0, 0.36, 0.93],
    grips: [
      [0.21, 0.1, 0],
      [-0.21, 0.1, 0],
    ],
    wheelRadius: 0,
  },
  battery: {
    half: [0.13, 0.08],
    height: 0.3,
    carried: [0.26, 0.06, 0.42],
    grips: [undefined, [0, 0.31, 0]],
    wheelRadius: 0,
  },
});

/** The outline on the floor of a thing that stands at x, z and looks along `heading` (radians): corners [x, z]. */
export function footprint(kind: ObjectKind, x: number, z: number, heading: number): [number, number][] {
  const { half, tip } = MEASURES[kind];
  const [along, across] = half;
  const wide = across * 0.8;
  const end = tip ?? wide;
  const [s, c] = [Math.sin(heading), Math.cos(heading)];
  const outline: [number, number][] = [
    [end, along],
    [wide, along * 0.35],
    [wide, -along * 0.2],
    [end, -along],
  ];
  return [...outline, ...outline.map(([u, v]): [number, number] => [-u, v])].map(([u, v]) => [
    x + u * c + v * s,
    z - u * s + v * c,
  ]);
}
