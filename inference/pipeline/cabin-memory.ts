import type { BehaviourEvent, Box, Scene, Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { fusePeople } from '../tracking/fuse-people.ts';
import { mergeObjects } from '../tracking/merge-objects.ts';
import { createTracker, type Sighting } from '../tracking/tracker.ts';
import type { Tracks } from './cabin-picture.ts';
import { createMotionGate } from './motion-gate.ts';
import { createPosePlanner } from './pose-planner.ts';
import type { Findings, ModelPlan } from './run-models.ts';
import { createZoomPlanner } from './zoom-planner.ts';

export interface CabinMemory extends Tracks {
  /** Nobody and nothing is known to be in the cabin, as of the last look, so that it may be learnt as empty. */
  emptyAt(ts: number): boolean;
  due(scene: Scene): boolean;
  /** What to run in the look at this scene, which begins now. */
  plan(scene: Scene): ModelPlan;
  /** Takes in what the models found at `ts`. */
  take(ts: number, findings: Findings): void;
  note(events: readonly BehaviourEvent[]): void;
  toJSON(): unknown;
}

/** Share of a box that must move within one look to show that somebody lives in it. */
const ALIVE = 0.25;
/** What is still undecided after this time is no news but a phantom: a coat on a hook, a poster. */
const UNDECIDED_MS = 3000;
/** A thing that stood for this long without becoming an e-bike belongs to the cabin. */
const SETTLED_MS = 60_000;

/**
 * Who and what is in one cabin, and where to look next.
 * @param motionIn share of a box that moved since the last look, 0–1
 */
export function createCabinMemory(options: InferenceOptions, motionIn: (box: Box) => number): CabinMemory {
  let ids = 0;
  const nextId = (): number => ++ids;
  const people = createTracker(options.people, nextId);
  const objects = createTracker(options.objects, nextId);
  const gate = createMotionGate(options.gate);
  const zoom = createZoomPlanner(options.zoom);
  const poses = createPosePlanner(options.pose);
  let ebike: 'no' | 'open' | 'confirmed' = 'no';
  let lead: Box | undefined;
  let looks = 0;

  /** Something has come up that only more looks decide. */
  const pressing = (ts: number): boolean =>
    ebike === 'open' ||
    (lead !== undefined && zoom.searching) ||
    people.tracks.some((t) => t.state === 'lost' || isNew(t, ts));

  const isNew = (t: Track, ts: number): boolean => t.state === 'tentative' && ts - t.firstSeen < UNDECIDED_MS;

  /**
   * A box without a pose is somebody only if something moves in it: detectors take coats and posters for people,
   * but nobody enters a cabin without moving.
   */
  const backed = (s: Sighting): Sighting =>
    !s.backed && motionIn(s.box) >= ALIVE ? { ...s, backed: true } : s;

  return {
    get people() {
      return people.tracks;
    },
    get objects() {
      return objects.tracks;
    },
    emptyAt: (ts) =>
      looks > 0 &&
      ebike === 'no' &&
      people.tracks.every((t) => t.state === 'tentative' && !isNew(t, ts)) &&
      objects.tracks.every((t) => ts - t.firstSeen > SETTLED_MS),
    due: (scene) => gate.due(scene.ts, scene.picture, pressing(scene.ts)),
    plan(scene) {
      gate.looked(scene.ts);
      const crops = zoom.plan(scene.ts, { picture: scene.picture, lead, decided: ebike === 'confirmed' });
      return { crops, pose: poses.plan(scene.ts, gate.active || people.tracks.length > 0) };
    },
    take(ts, findings) {
      looks++;
      const found = [...(findings.detections ?? []), ...findings.zoomed];
      const seen = fusePeople(findings.detections ?? [], findings.poses ?? [], options.fusion);
      people.update(ts, seen.map(findings.poses ? backed : (s) => ({ ...s, backed: true })));
      const things = mergeObjects(found, options.ebike.labels);
      objects.update(ts, things);
      const hint = things.find((t) => t.score >= options.zoom.lead);
      lead = hint?.box ?? (ebike === 'confirmed' ? lastPlace(objects.tracks, lead) : undefined);
    },
    note(events) {
      for (const { kind, phase, evidence } of events) {
        if (kind !== 'ebike') continue;
        ebike = phase === 'ended' ? 'no' : evidence.stage === 'confirmed' ? 'confirmed' : 'open';
      }
    },
    toJSON: () => ({ ids, people, objects, zoom, ebike, lead, looks }),
  };
}

/** Where a bike was last, so that it can be looked at closely before it is called gone. */
function lastPlace(tracks: readonly Track[], before: Box | undefined): Box | undefined {
  return tracks.at(-1)?.box ?? before;
}
