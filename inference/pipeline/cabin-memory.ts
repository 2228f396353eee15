import type { BehaviourEvent, Box, Pose, Scene, Track } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { insideCabin } from '../tracking/doorway.ts';
import { followPoses, fusePeople } from '../tracking/fuse-people.ts';
import { mergeObjects } from '../tracking/merge-objects.ts';
import { agreed, leadOf } from '../tracking/second-look.ts';
import { createTracker } from '../tracking/tracker.ts';
import type { Tracks } from './cabin-picture.ts';
import { createDetectorPlanner } from './detector-planner.ts';
import { type PictureCells, withLifeSigns } from './life-signs.ts';
import { createMotionGate } from './motion-gate.ts';
import { createPosePlanner } from './pose-planner.ts';
import type { Findings, ModelPlan } from './run-models.ts';
import { createZoomPlanner } from './zoom-planner.ts';

export interface CabinMemory extends Tracks {
  /** Nobody and nothing is known to be in the cabin, as of the last look, so that it may be learnt as empty. */
  emptyAt(ts: number): boolean;
  due(scene: Scene): boolean;
  /** What to run in the look at this scene, which begins now. `hurried`: the machine does not keep up. */
  plan(scene: Scene, hurried: boolean): ModelPlan;
  /** Takes in a look that asked the pose model alone. */
  follow(scene: Scene, poses: readonly Pose[]): void;
  /** Takes in what the models found in the scene's picture. */
  take(scene: Scene, findings: Findings): void;
  note(events: readonly BehaviourEvent[]): void;
  toJSON(): unknown;
}

/** What is still undecided after this time is no news but a phantom: a coat on a hook, a poster. */
const UNDECIDED_MS = 3000;
/** A thing that stood for this long without becoming an e-bike belongs to the cabin. */
const SETTLED_MS = 60_000;

/** Who and what is in one cabin, and where to look next. */
export function createCabinMemory(options: InferenceOptions, cells: PictureCells): CabinMemory {
  let ids = 0;
  const nextId = (): number => ++ids;
  const people = createTracker(options.people, nextId);
  const objects = createTracker(options.objects, nextId);
  const gate = createMotionGate(options.gate);
  const zoom = createZoomPlanner(options.zoom);
  const poses = createPosePlanner(options.pose);
  const detector = createDetectorPlanner(options.detector);
  let ebike: 'no' | 'open' | 'confirmed' = 'no';
  let lead: Box | undefined;
  let looks = 0;

  /** Something has come up that only more looks decide. */
  const pressing = (ts: number): boolean =>
    suspicious() || people.tracks.some((t) => t.state === 'lost' || isNew(t, ts));

  const suspicious = (): boolean => ebike === 'open' || (lead !== undefined && zoom.busy);

  const isNew = (t: Track, ts: number): boolean => t.state === 'tentative' && ts - t.firstSeen < UNDECIDED_MS;

  const somebody = (ts: number): boolean =>
    people.tracks.some((t) => t.state !== 'tentative' || isNew(t, ts));

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
      !somebody(ts) &&
      objects.tracks.every((t) => ts - t.firstSeen > SETTLED_MS),
    due: (scene) => gate.due(scene.ts, scene.picture, pressing(scene.ts)),
    plan({ ts, picture }, hurried) {
      gate.looked(ts);
      const crops = zoom.plan(ts, { picture, lead, decided: ebike === 'confirmed' });
      const pose = poses.plan(ts, gate.active || somebody(ts));
      const undecided = suspicious();
      const detect = detector.plan(ts, { hurried, pose, undecided });
      return { detect, crops: detect ? crops : [], pose, quick: hurried && !undecided };
    },
    follow({ ts }, bodies) {
      const known = people.tracks.map((t) => t.box);
      const seen = followPoses(bodies, known, options.fusion);
      people.update(ts, insideCabin(seen, options.view.doorway), { partial: true });
    },
    take({ ts, doubt }, { detections = [], poses: bodies, closeLooks }) {
      looks++;
      const seen = insideCabin(fusePeople(detections, bodies ?? [], options.fusion), options.view.doorway);
      // What stands out against the empty cabin means little in a picture that is doubted.
      const judged = doubt ? { ...cells, foregroundIn: () => undefined } : cells;
      people.update(ts, withLifeSigns(seen, judged, bodies !== undefined));
      const { labels } = options.ebike;
      objects.update(ts, mergeObjects(agreed(detections, closeLooks, labels), labels));
      const hint = leadOf(detections, closeLooks, { labels, lead: options.zoom.lead });
      lead = hint ?? (ebike === 'confirmed' ? lastPlace(objects.tracks, lead) : undefined);
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
