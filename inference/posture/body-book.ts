import { type Box, boxCentre, boxHeight, type Scene, type Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { measurePosture, type Posture } from './posture.ts';

type BodyOptions = InferenceOptions['fall'];

/** One look at one body. Heights are along "up", in picture heights; undefined where the joints are hidden. */
export interface Moment {
  readonly ts: number;
  readonly head: number | undefined;
  readonly shoulders: number | undefined;
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
  /** Length of the spine when it is seen in full, in picture heights: the yardstick of all drops. */
  readonly scale: number;
}

interface Page {
  trackId: number;
  formerIds: number[];
  moments: Moment[];
  spines: { readonly ts: number; readonly length: number }[];
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
/** A spine is about this share of a standing body's box. */
const SPINE_OF_BOX = 0.3;

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
      bodies.push(bodyOf(page));
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
    const page: Page = { trackId, formerIds: [], moments: [], spines: [], box, lastSeen };
    pages.push(page);
    return page;
  }

  function write(page: Page, track: Track, scene: Scene): void {
    page.box = track.box;
    page.lastSeen = scene.ts;
    const past = scene.ts - PAST_MS;
    page.moments = page.moments.filter((m) => m.ts >= past);
    page.spines = page.spines.filter((s) => s.ts >= past);
    if (!track.keypoints) return;
    const posture = measurePosture(
      track.keypoints,
      track.box,
      scene.aspect,
      options.nadir,
      options.jointScore,
    );
    if (posture.torsoLength !== undefined) page.spines.push({ ts: scene.ts, length: posture.torsoLength });
    page.moments.push(momentOf(posture, scene.ts, scaleOf(page), options));
  }

  return { update, toJSON: () => ({ pages }) };
}

function momentOf(p: Posture, ts: number, scale: number, options: BodyOptions): Moment {
  return {
    ts,
    head: p.head,
    shoulders: p.shoulders,
    hips: p.hips,
    angle: p.torsoAngle,
    low: isLow(p, scale, options),
  };
}

/** Lying, seen from any side: the spine far from upright, or the head hardly above the hips. */
function isLow(p: Posture, scale: number, options: BodyOptions): boolean | undefined {
  if (p.hips === undefined) return undefined;
  const top = p.head ?? p.shoulders;
  if (top !== undefined && top - p.hips < options.lowHead * scale) return true;
  return p.torsoAngle === undefined ? undefined : p.torsoAngle >= options.lyingAngle;
}

/** The upper quartile of the spine's lengths: full when seen from the side, short when it points at the camera. */
function scaleOf(page: Page): number {
  const lengths = page.spines.map((s) => s.length).sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length * 0.75)] ?? SPINE_OF_BOX * boxHeight(page.box);
}

function bodyOf(page: Page): Body {
  const { trackId, formerIds, moments } = page;
  return { trackId, formerIds, moments, scale: Math.max(0.02, scaleOf(page)) };
}

function distance(a: Box, b: Box, aspect: number): number {
  const from = boxCentre(a);
  const to = boxCentre(b);
  return Math.hypot((from.x - to.x) * aspect, from.y - to.y);
}
