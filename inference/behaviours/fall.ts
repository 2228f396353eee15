import type { Behaviour, BehaviourEvent, Scene } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { type Body, createBodyBook, type Moment } from '../posture/body-book.ts';
import { createBehaviour, createEpisode } from './episode.ts';

type FallOptions = InferenceOptions['fall'];

/** A person believed to lie after a fall. */
interface Fallen {
  trackId: number;
  readonly startedAt: number;
  /** Upright without a break since, ms. */
  upSince: number | undefined;
  lastSeen: number;
}

/**
 * A fall: head and hips go down together within `descentSeconds`, further than anyone sits or crouches, and the
 * body then stays low for `holdSeconds`. Bending over drops the head alone, crouching keeps the head above the
 * hips, lying down takes longer: none of them counts. It ends when the person is up again or has left.
 */
export function createFall(options: FallOptions): Behaviour {
  const episode = createEpisode('fall');
  const book = createBodyBook(options);
  let fallen: Fallen[] = [];

  function step(scene: Scene): BehaviourEvent[] {
    if (!scene.inferred || scene.doubt) return [];
    const bodies = book.update(scene);
    for (const f of fallen) follow(f, bodies, scene.ts);
    fallen = fallen.filter((f) => stillDown(f, scene.ts));
    const events: BehaviourEvent[] = [];
    for (const body of bodies) {
      if (fallen.some((f) => f.trackId === body.trackId)) continue;
      const fall = judge(body, scene.ts, options);
      if (!fall) continue;
      fallen.push({
        trackId: body.trackId,
        startedAt: fall.startedAt,
        upSince: undefined,
        lastSeen: scene.ts,
      });
      const evidence = { ...fall.evidence, trackId: body.trackId, down: fallen.length };
      events.push(
        episode.startedAt === undefined
          ? episode.start(scene, fall.startedAt, fall.confidence, evidence)
          : episode.update(scene, fall.confidence, evidence),
      );
    }
    if (episode.startedAt !== undefined && fallen.length === 0) {
      events.push(episode.end(scene, { seconds: (scene.ts - episode.startedAt) / 1000 }));
    }
    return events;
  }

  function follow(f: Fallen, bodies: readonly Body[], ts: number): void {
    const body = bodies.find((b) => b.trackId === f.trackId || b.formerIds.includes(f.trackId));
    const now = body?.moments.at(-1);
    if (!body || !now) return;
    f.trackId = body.trackId;
    f.lastSeen = ts;
    const up = isUpright(now, body, options);
    f.upSince = up ? (f.upSince ?? ts) : undefined;
  }

  function stillDown(f: Fallen, ts: number): boolean {
    if (f.upSince !== undefined && ts - f.upSince >= options.recoverSeconds * 1000) return false;
    if (ts - f.lastSeen >= options.goneSeconds * 1000) return false;
    return ts - f.startedAt < options.capSeconds * 1000;
  }

  return createBehaviour('fall', step, () => ({ fallen, book, episode }));
}

/** One odd pose is no fall. */
const MIN_LOOKS = 2;

interface Judgement {
  readonly startedAt: number;
  readonly confidence: number;
  readonly evidence: BehaviourEvent['evidence'];
}

/** Looks back from a body that has been low for `holdSeconds` at how it got there. */
function judge(body: Body, ts: number, options: FallOptions): Judgement | undefined {
  const { moments } = body;
  const lowAt = moments.findLastIndex((m) => m.low === false) + 1;
  const firstLow = moments.slice(lowAt).find((m) => m.low);
  if (!firstLow) return undefined;
  const low = moments.filter((m) => m.ts >= firstLow.ts && m.low);
  if (low.length < MIN_LOOKS) return undefined;

  const before = moments.filter(
    (m) => m.ts <= firstLow.ts && m.ts >= firstLow.ts - options.descentSeconds * 1000,
  );
  const headDrop = drop(before, low, (m) => m.head) / body.scale;
  const hipDrop = drop(before, low, (m) => m.hips) / body.scale;
  if (headDrop < options.headDrop || hipDrop < options.hipDrop) return undefined;
  // Who came down all the way from standing is believed sooner than who slid off a seat.
  const hold = options.holdSeconds * Math.min(1, Math.max(0.5, (2 * options.hipDrop) / hipDrop));
  if (ts - firstLow.ts < hold * 1000) return undefined;
  const onset = onsetOf(before, firstLow);
  const confidence =
    0.5 + 0.25 * Math.min(1, headDrop / (2 * options.headDrop)) + 0.25 * (low.length / (low.length + 1));
  return {
    startedAt: onset,
    confidence,
    evidence: {
      headDrop: round2(headDrop),
      hipDrop: round2(hipDrop),
      descentSeconds: round2((firstLow.ts - onset) / 1000),
    },
  };
}

/** How far a point sank from its highest before to its middle place now, in picture heights. */
function drop(
  before: readonly Moment[],
  after: readonly Moment[],
  of: (m: Moment) => number | undefined,
): number {
  const highest = Math.max(...before.map((m) => of(m) ?? Number.NEGATIVE_INFINITY));
  const now = median(after.flatMap((m) => of(m) ?? []));
  return now === undefined || highest === Number.NEGATIVE_INFINITY ? 0 : highest - now;
}

/** When the head began to sink: the last moment at which it was near its highest. */
function onsetOf(before: readonly Moment[], firstLow: Moment): number {
  const heads = before.flatMap((m) => (m.head === undefined ? [] : [{ ts: m.ts, head: m.head }]));
  const highest = Math.max(...heads.map((h) => h.head));
  const lowest = firstLow.head ?? Math.min(...heads.map((h) => h.head));
  const near = highest - 0.15 * (highest - lowest);
  return heads.findLast((h) => h.head >= near)?.ts ?? firstLow.ts;
}

function isUpright(m: Moment, body: Body, options: FallOptions): boolean {
  if (m.low !== false || m.angle === undefined || m.angle > options.lyingAngle * 0.75) return false;
  return m.head === undefined || m.hips === undefined || m.head - m.hips > 0.6 * body.scale;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const round2 = (v: number): number => Math.round(v * 100) / 100;
