import { clamp, DEG, mix, wrapAngle } from '../math.ts';

/** Where a person's body is on the floor at one moment. Metres, radians, metres a second. */
export interface FloorState {
  readonly x: number;
  readonly z: number;
  readonly heading: number;
  readonly speed: number;
}

export interface WalkOrder {
  readonly at: number;
  /** Corners of the way, the last one being the goal; empty to turn on the spot. */
  readonly via: readonly (readonly [number, number])[];
  /** m/s on the straight. */
  readonly speed: number;
  /** Heading to end with, degrees; undefined keeps the walking direction. */
  readonly face: number | undefined;
  /** Walk with the back first, as when pulling a bike out. */
  readonly backward: boolean;
  /** Keep this heading all the way, degrees: sidesteps and straight pushes. */
  readonly keepFacing: boolean;
}

const ACCELERATION = 1.4;
/** How fast a body turns, rad/s, and how hard it brakes the turn. */
const TURN_RATE = 2.6;
const TURN_GAIN = 5;

/**
 * Walks the orders through time in steps of `dt` s and returns one state a step, `steps + 1` in all. An order that comes
 * while an older one is under way replaces it.
 */
export function walk(
  start: { x: number; z: number; heading: number },
  orders: readonly WalkOrder[],
  steps: number,
  dt: number,
): FloorState[] {
  const queue = [...orders].sort((a, b) => a.at - b.at);
  let { x, z, heading } = start;
  let speed = 0;
  let way: Way | undefined;
  let along = 0;
  let face: number | undefined;
  const out: FloorState[] = [{ x, z, heading, speed }];
  for (let i = 1; i <= steps; i++) {
    const t = i * dt;
    while (queue[0] && queue[0].at <= t) {
      const order = queue.shift() as WalkOrder;
      way = order.via.length > 0 ? makeWay([[x, z], ...order.via], order) : undefined;
      along = 0;
      face = order.face === undefined ? undefined : order.face * DEG;
      if (!way) speed = 0;
    }
    let wanted = face ?? heading;
    if (way) {
      const left = way.length - along;
      const [dx, dz] = way.direction(along);
      const course = Math.atan2(dx, dz);
      // Near the goal one already turns towards where one will look.
      const late = left < 0.35 && face !== undefined && !way.order.backward;
      if (way.order.keepFacing) wanted = face ?? heading;
      else if (!late) wanted = way.order.backward ? course + Math.PI : course;
      const off = Math.abs(wrapAngle(wanted - heading));
      const straight = way.order.keepFacing || late ? 1 : clamp(1.25 - off / (80 * DEG), 0.05, 1);
      const cap = Math.min(
        way.order.speed * straight,
        Math.sqrt(2 * ACCELERATION * Math.max(0, left)) + 0.02,
      );
      speed = clamp(cap, speed - 2 * ACCELERATION * dt, speed + ACCELERATION * dt);
      along = Math.min(way.length, along + speed * dt);
      [x, z] = way.point(along);
      if (way.length - along < 1e-3) {
        way = undefined;
        speed = 0;
      }
    }
    const turn = wrapAngle(wanted - heading);
    heading += clamp(turn * TURN_GAIN, -TURN_RATE, TURN_RATE) * dt;
    out.push({ x, z, heading, speed });
  }
  return out;
}

interface Way {
  readonly order: WalkOrder;
  readonly length: number;
  point(along: number): [number, number];
  direction(along: number): [number, number];
}

/** A polyline whose corners are rounded (Chaikin's corner cutting, three rounds), measured by arc length. */
function makeWay(corners: readonly (readonly [number, number])[], order: WalkOrder): Way {
  let points = corners.map((p) => [p[0], p[1]] as [number, number]);
  for (let round = 0; round < 3 && points.length > 2; round++) {
    const cut: [number, number][] = [points[0] as [number, number]];
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i] as [number, number], points[i + 1] as [number, number]];
      if (i > 0) cut.push([mix(a[0], b[0], 0.25), mix(a[1], b[1], 0.25)]);
      if (i + 2 < points.length) cut.push([mix(a[0], b[0], 0.75), mix(a[1], b[1], 0.75)]);
    }
    cut.push(points.at(-1) as [number, number]);
    points = cut;
  }
  const marks = [0];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as [number, number], points[i] as [number, number]];
    marks.push((marks[i - 1] as number) + Math.hypot(b[0] - a[0], b[1] - a[1]));
  }
  const segment = (along: number): number => {
    let i = 0;
    while (i + 2 < points.length && (marks[i + 1] as number) < along) i++;
    return i;
  };
  return {
    order,
    length: marks.at(-1) ?? 0,
    point(along) {
      const i = segment(along);
      const [a, b] = [points[i] as [number, number], points[i + 1] as [number, number]];
      const span = (marks[i + 1] as number) - (marks[i] as number) || 1;
      const u = (along - (marks[i] as number)) / span;
      return [mix(a[0], b[0], u), mix(a[1], b[1], u)];
    },
    direction(along) {
      const i = segment(along);
      const [a, b] = [points[i] as [number, number], points[i + 1] as [number, number]];
      const l = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      return [(b[0] - a[0]) / l, (b[1] - a[1]) / l];
    },
  };
}
