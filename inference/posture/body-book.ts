import { type Box, boxCentre, boxHeight, boxWidth, type Scene, type Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { HIPS, measurePosture, type Nadir, type Posture } from './posture.ts';
import { createYardstick, type Yardstick } from './yardstick.ts';

type BodyOptions = InferenceOptions['fall'];

/** One look at one body. Heights are along "up", in picture heights; undefined where the joints are hidden. */
export interface Moment {
  readonly ts: number;
  readonly head: number | undefined;
  readonly hips: number | undefined;
  /** Spine against upright, degrees. */
  readonly angle: number | undefined;
  /** Whether the body is down, as somebody lying is; undefined when that can't be told. */
  readonly low: boolean | undefined;
}

export interface Body {
  readonly trackId: number;
  /** Ids under which the tracker had the same person moments ago. */
  readonly formerIds: readonly number[];
  readonly moments: readonly Moment[];
  /** Length of the spine when it is seen in full, in picture heights: the measure of all drops. */
  readonly scale: number;
}

interface Page {
  trackId: number;
  formerIds: number[];
  moments: Moment[];
  readonly spine: Yardstick;
  /** Head above hips when upright. */
  readonly upper: Yardstick;
  /** Height of the box when upright. */
  readonly stature: Yardstick;
  box: Box;
  lastSeen: number;
}

export interface BodyBook {
  /** The bodies seen in this look, with their recent past. */
  update(scene: Scene): Body[];
  toJSON(): unknown;
}

/** How far back moments are kept, ms. */
const PAST_MS = 6000;
/** Someone falling moves fast enough for the tracker to give a new id: within this time and distance it is the same body. */
const SAME_BODY_MS = 1500;
const SAME_BODY_REACH = 0.45;
/** Of a standing body's box: the spine, and head above hips. */
const SPINE_OF_BOX = 0.28;
const UPPER_OF_BOX = 0.4;
/** A box that comes this near to the picture's edge goes on beyond it. */
const EDGE = 0.02;

/** Keeps what is needed to say how each body got to where it is. */
export function createBodyBook(options: BodyOptions): BodyBook {
  let pages: Page[] = [];

  function update(scene: Scene): Body[] {
    const seen = scene.people.filter((t) => t.lastSeen === scene.ts);
    const ids = new Set(seen.map((t) => t.trackId));
    const bodies: Body[] = [];
    for (const track of seen) {
      const page =
        pages.find((p) => p.trackId === track.trackId) ?? inherit(track, ids, scene) ?? open(track);
      write(page, track, scene);
      const { trackId, formerIds, moments } = page;
      bodies.push({ trackId, formerIds, moments, scale: scaleOf(page) });
    }
    pages = pages.filter((p) => scene.ts - p.lastSeen <= PAST_MS);
    return bodies;
  }

  function inherit(track: Track, present: ReadonlySet<number>, scene: Scene): Page | undefined {
    const free = pages.filter((p) => !present.has(p.trackId) && scene.ts - p.lastSeen <= SAME_BODY_MS);
    const page = free
      .map((p) => ({ p, d: distance(p.box, track.box, scene.aspect) }))
      .filter(({ d }) => d <= SAME_BODY_REACH)
      .sort((a, b) => a.d - b.d)[0]?.p;
    if (page) {
      page.formerIds.push(page.trackId);
      page.trackId = track.trackId;
    }
    return page;
  }

  function open(track: Track): Page {
    const { trackId, box, lastSeen } = track;
    const measures = { spine: createYardstick(), upper: createYardstick(), stature: createYardstick() };
    const page: Page = { trackId, formerIds: [], moments: [], ...measures, box, lastSeen };
    pages.push(page);
    return page;
  }

  function write(page: Page, track: Track, scene: Scene): void {
    page.box = track.box;
    page.lastSeen = scene.ts;
    page.stature.measure(scene.ts, boxHeight(track.box));
    page.moments = page.moments.filter((m) => m.ts >= scene.ts - PAST_MS);
    page.moments.push(track.keypoints ? fromJoints(page, track, scene) : fromBox(page, track, scene));
  }

  function fromJoints(page: Page, track: Track, scene: Scene): Moment {
    const joints = track.keypoints ?? [];
    const p = measurePosture(joints, track.box, scene.aspect, options.nadir, options.jointScore);
    const head = p.head ?? p.shoulders;
    if (p.torsoLength !== undefined) page.spine.measure(scene.ts, p.torsoLength);
    if (p.head !== undefined && p.hips !== undefined) page.upper.measure(scene.ts, p.head - p.hips);
    const low = isLow(p, page, options);
    // Whoever walks up to the camera sinks out of the picture as if they fell: that guessed hips are low says nothing there.
    const guessed =
      isCutAtFeet(track.box, options.nadir) &&
      !HIPS.some((i) => (joints[i]?.score ?? 0) >= options.edgeScore);
    return { ts: scene.ts, head, hips: p.hips, angle: p.torsoAngle, low: low && guessed ? undefined : low };
  }

  /** Lying bodies often keep their box but lose their pose for some looks. From the ceiling, and cut off, boxes say too little. */
  function fromBox(page: Page, { box }: Track, scene: Scene): Moment {
    const unknown = { ts: scene.ts, head: undefined, hips: undefined, angle: undefined, low: undefined };
    if (options.nadir || isCutAtFeet(box, options.nadir)) return unknown;
    const height = boxHeight(box);
    const wide = boxWidth(box) * scene.aspect > options.lyingWidth * height;
    const short = height < options.lyingHeight * (page.stature.value ?? height);
    if (!wide || !short) return unknown;
    return { ...unknown, head: -box.y1, hips: -(box.y1 + box.y2) / 2, low: true };
  }

  return { update, toJSON: () => ({ pages }) };
}

/** Whether the picture ends where the feet should be. Straight under a ceiling camera it never does. */
function isCutAtFeet({ x1, y1, x2, y2 }: Box, nadir: Nadir): boolean {
  const { x, y } = nadir ?? { x: 0.5, y: 2 };
  return (y > 1 && y2 > 1 - EDGE) || (y < 0 && y1 < EDGE) || (x > 1 && x2 > 1 - EDGE) || (x < 0 && x1 < EDGE);
}

/** Lying, seen from any side: the spine far from upright, or the head hardly above the hips; and no legs to stand on. */
function isLow(p: Posture, page: Page, options: BodyOptions): boolean | undefined {
  if (p.hips === undefined) return undefined;
  const scale = scaleOf(page);
  const legs =
    p.ankles !== undefined ? p.hips - p.ankles : p.knees !== undefined ? 2 * (p.hips - p.knees) : undefined;
  if (legs !== undefined && legs > options.standingLegs * scale) return false;
  if (isFolded(p, scale, options)) return false;
  const top = p.head ?? p.shoulders;
  const upper = page.upper.value ?? UPPER_OF_BOX * boxHeight(page.box);
  if (top !== undefined && top - p.hips < options.lowHead * upper) return true;
  return p.torsoAngle === undefined ? undefined : p.torsoAngle >= options.lyingAngle;
}

/** A spine this much seen from the side, as a share of its length, tells how long the body behind it is. */
const SIDEWAYS = 0.6;
/** Shoulders to knees, as a share of head to ankles. */
const THIGHS = 0.65;

/** Crouching over one's shoes: the spine is level, but head, knees and feet are all in one place. */
function isFolded(p: Posture, scale: number, options: BodyOptions): boolean {
  if ((p.torsoLength ?? 0) < SIDEWAYS * scale) return false;
  if (p.headToAnkles !== undefined) return p.headToAnkles < options.stretched * scale;
  return p.shouldersToKnees !== undefined && p.shouldersToKnees < THIGHS * options.stretched * scale;
}

function scaleOf(page: Page): number {
  return Math.max(0.02, page.spine.value ?? SPINE_OF_BOX * boxHeight(page.box));
}

function distance(a: Box, b: Box, aspect: number): number {
  const from = boxCentre(a);
  const to = boxCentre(b);
  return Math.hypot((from.x - to.x) * aspect, from.y - to.y);
}
