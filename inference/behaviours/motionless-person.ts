import {
  type Behaviour,
  type BehaviourEvent,
  type Box,
  iou,
  type Scene,
  type Track,
} from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { createBehaviour, createEpisode } from './episode.ts';

type MotionlessOptions = InferenceOptions['motionless'];

/** Somebody at a place, and since when without moving. */
interface Rest {
  trackId: number;
  anchor: Box;
  joints: Track['keypoints'];
  /** Stillness counted so far, ms. */
  stillMs: number;
  movingMs: number;
  lastSeen: number;
}

/** Someone unseen for longer is gone; a new id within this time at the same place is the same person. */
const FORGET_MS = 10_000;
const SAME_PLACE = 0.5;
/** A longer pause between looks proves no stillness. */
const LONGEST_STEP_MS = 3000;
const SURE_JOINT = 0.4;
const MOVED_JOINTS = 2;

/**
 * A person who has not moved for `afterSeconds`, judged by the box, the sure joints and the picture inside the box.
 * Time in which the picture is doubtful does not count: a frozen picture shows nobody move.
 */
export function createMotionlessPerson(options: MotionlessOptions): Behaviour {
  const episode = createEpisode('motionless-person');
  let rests: Rest[] = [];
  let last: number | undefined;
  let waitForEnd = false;

  function step(scene: Scene): BehaviourEvent[] {
    if (!scene.inferred) return [];
    const elapsed = last === undefined ? 0 : Math.min(LONGEST_STEP_MS, scene.ts - last);
    last = scene.ts;
    const countable = scene.doubt || scene.picture.identical ? 0 : elapsed;
    const seen = scene.people.filter((t) => t.state === 'confirmed' && t.lastSeen === scene.ts);
    for (const track of seen) observe(track, countable, scene.ts, seen);
    rests = rests.filter((r) => scene.doubt !== undefined || scene.ts - r.lastSeen < FORGET_MS);
    return judge(scene);
  }

  function observe(track: Track, elapsed: number, ts: number, seen: readonly Track[]): void {
    const rest = rests.find((r) => r.trackId === track.trackId) ?? inherit(track, seen);
    if (!rest) {
      const { trackId, box: anchor, keypoints: joints } = track;
      rests.push({ trackId, anchor, joints, stillMs: 0, movingMs: 0, lastSeen: ts });
      return;
    }
    rest.trackId = track.trackId;
    rest.lastSeen = ts;
    rest.joints ??= track.keypoints;
    rest.movingMs = moved(rest, track, options) ? rest.movingMs + elapsed : 0;
    rest.stillMs += elapsed;
    if (rest.movingMs < options.settleSeconds * 1000) return;
    Object.assign(rest, { anchor: track.box, joints: track.keypoints, stillMs: 0, movingMs: 0 });
  }

  /** The tracker may lose somebody lying still and find them again under a new id. */
  function inherit(track: Track, seen: readonly Track[]): Rest | undefined {
    return rests.find(
      (r) => iou(r.anchor, track.box) >= SAME_PLACE && !seen.some((other) => other.trackId === r.trackId),
    );
  }

  function judge(scene: Scene): BehaviourEvent[] {
    const still = rests.filter((r) => r.stillMs >= options.afterSeconds * 1000);
    const open = episode.startedAt !== undefined;
    if (still.length === 0) waitForEnd = false;
    if (open && episode.capped(scene.ts, options.capSeconds)) {
      waitForEnd = true;
      return [episode.end(scene, { reason: 'cap' })];
    }
    if (open)
      return still.length === 0 ? [episode.end(scene, { reason: rests.length > 0 ? 'moved' : 'gone' })] : [];
    if (still.length === 0 || waitForEnd) return [];
    const longest = Math.max(...still.map((r) => r.stillMs));
    const evidence = { seconds: longest / 1000, trackIds: still.map((r) => r.trackId) };
    return [episode.start(scene, scene.ts - longest, 0.8, evidence)];
  }

  return createBehaviour('motionless-person', step, () => ({ rests, last, waitForEnd, episode }));
}

function moved(rest: Rest, track: Track, options: MotionlessOptions): boolean {
  if ((track.motion ?? 0) > options.motion) return true;
  const a = rest.anchor;
  const b = track.box;
  const w = Math.max(1e-6, a.x2 - a.x1) * options.shift;
  const h = Math.max(1e-6, a.y2 - a.y1) * options.shift;
  if (Math.abs(a.x1 + a.x2 - b.x1 - b.x2) / 2 > w || Math.abs(a.y1 + a.y2 - b.y1 - b.y2) / 2 > h) return true;
  let joints = 0;
  for (const [i, k] of (rest.joints ?? []).entries()) {
    const now = track.keypoints?.[i];
    if (!now || k.score < SURE_JOINT || now.score < SURE_JOINT) continue;
    if (Math.abs(k.x - now.x) > 1.5 * w || Math.abs(k.y - now.y) > 1.5 * h) joints++;
  }
  return joints >= MOVED_JOINTS;
}
