import type { BehaviourEvent, Box, Scene, Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { fusePeople } from '../tracking/fuse-people.ts';
import { mergeObjects } from '../tracking/merge-objects.ts';
import { createTracker } from '../tracking/tracker.ts';
import type { Tracks } from './cabin-picture.ts';
import { createMotionGate } from './motion-gate.ts';
import { createPosePlanner } from './pose-planner.ts';
import type { Findings, ModelPlan } from './run-models.ts';
import { createZoomPlanner } from './zoom-planner.ts';

export interface CabinMemory extends Tracks {
  /** Nobody and nothing is known to be in the cabin, as of the last look. */
  readonly empty: boolean;
  due(scene: Scene): boolean;
  /** What to run in the look at this scene, which begins now. */
  plan(scene: Scene): ModelPlan;
  /** Takes in what the models found at `ts`. */
  take(ts: number, findings: Findings): void;
  note(events: readonly BehaviourEvent[]): void;
  toJSON(): unknown;
}

/** Who and what is in one cabin, and where to look next. */
export function createCabinMemory(options: InferenceOptions): CabinMemory {
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
  const pressing = (): boolean =>
    ebike === 'open' ||
    (lead !== undefined && ebike === 'no') ||
    people.tracks.some((t) => t.state !== 'confirmed');

  return {
    get people() {
      return people.tracks;
    },
    get objects() {
      return objects.tracks;
    },
    get empty() {
      return looks > 0 && people.tracks.length === 0 && objects.tracks.length === 0 && ebike === 'no';
    },
    due: (scene) => gate.due(scene.ts, scene.picture, pressing()),
    plan(scene) {
      gate.looked(scene.ts);
      const crops = zoom.plan(scene.ts, { picture: scene.picture, lead, decided: ebike === 'confirmed' });
      return { crops, pose: poses.plan(scene.ts, gate.active || people.tracks.length > 0) };
    },
    take(ts, findings) {
      looks++;
      const found = [...(findings.detections ?? []), ...findings.zoomed];
      people.update(ts, fusePeople(findings.detections ?? [], findings.poses, options.fusion));
      const things = mergeObjects(found, options.ebike.labels);
      objects.update(ts, things);
      const seen = things.find((t) => t.score >= options.zoom.lead);
      lead = seen?.box ?? (ebike === 'confirmed' ? lastPlace(objects.tracks, lead) : undefined);
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
