import { KEYPOINT_NAMES, type KeypointName } from '../../../core/index.ts';
import { insidePicture, Projector } from '../lens.ts';
import { add, clamp, rotate, sub, type Vec3 } from '../math.ts';
import type { Body, FacePoint } from '../people/body.ts';
import { personMask, thingMask } from '../render/setup.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { StageSetup, StageSolids } from '../stage/protocol.ts';
import type { PersonState, ThingState, WorldState } from '../world.ts';
import { MaskView, Silhouette, type TruthBox } from './silhouette.ts';

/** x, y normalised; v as in COCO: 0 outside the picture, 1 hidden, 2 visible. */
export type TruthKeypoint = readonly [number, number, 0 | 1 | 2];

export interface PersonTruth {
  readonly id: string;
  /** Tight box of the pixels that show the person; null where none does. */
  readonly visibleBox: TruthBox | null;
  /** Box of the whole person as if nothing stood before it, cut at the picture's edges; null outside the picture. */
  readonly fullBox: TruthBox | null;
  /** Share of the whole outline that is seen, 0–1. */
  readonly visibility: number;
  /** The 17 COCO keypoints, in order. */
  readonly keypoints: readonly TruthKeypoint[];
  readonly action: string;
  /** In the cabin, as against in the lobby. */
  readonly inside: boolean;
}

export interface ObjectTruth {
  readonly id: string;
  readonly kind: string;
  readonly visibleBox: TruthBox | null;
  readonly fullBox: TruthBox | null;
  readonly visibility: number;
  readonly inside: boolean;
}

export interface FrameTruth {
  readonly t: number;
  readonly door: WorldState['car']['door'];
  /** 0 closed … 1 open. */
  readonly opening: number;
  readonly light: WorldState['picture']['light'];
  readonly picture: WorldState['picture']['fault'];
  readonly people: readonly PersonTruth[];
  readonly objects: readonly ObjectTruth[];
}

const JOINTS: Readonly<Partial<Record<KeypointName, string>>> = {
  left_shoulder: 'upperarm01.L',
  right_shoulder: 'upperarm01.R',
  left_elbow: 'lowerarm01.L',
  right_elbow: 'lowerarm01.R',
  left_wrist: 'wrist.L',
  right_wrist: 'wrist.R',
  left_hip: 'upperleg01.L',
  right_hip: 'upperleg01.R',
  left_knee: 'lowerleg01.L',
  right_knee: 'lowerleg01.R',
  left_ankle: 'foot.L',
  right_ankle: 'foot.R',
};
/** A joint lies inside the body: it counts as seen when the surface before it is the same body's, this near. */
const FLESH = 0.14;

/** Turns a world state and its masks into one line of truth. */
export class TruthRecorder {
  readonly #bodies: ReadonlyMap<string, Body>;
  readonly #solids: StageSolids;
  readonly #projector: Projector;
  readonly #size: { width: number; height: number };

  constructor(scenario: Scenario, setup: StageSetup, bodies: ReadonlyMap<string, Body>, solids: StageSolids) {
    this.#bodies = bodies;
    this.#solids = solids;
    this.#size = { width: scenario.width, height: scenario.height };
    this.#projector = new Projector(setup.pose, setup.lens, scenario.width, scenario.height);
  }

  record(state: WorldState, masks: Uint8Array): FrameTruth {
    const view = new MaskView(masks, this.#size.width, this.#size.height);
    const extents = view.extents();
    return {
      ...momentTruth(state),
      people: state.people.map((p, i) => this.#person(p, i, view, extents.get(personMask(i)))),
      objects: state.things.map((t, i) => this.#thing(t, i, extents.get(thingMask(i)))),
    };
  }

  #person(person: PersonState, index: number, view: MaskView, extent: Extent | undefined): PersonTruth {
    const body = this.#bodies.get(person.spec.id) as Body;
    const outline = new Silhouette(this.#projector, this.#size.width, this.#size.height);
    for (const part of body.parts) outline.addPart(part, person.matrices);
    for (const { bone, points, phone } of this.#solids.people[index] ?? []) {
      if (phone && phone !== person.performance.phone) continue;
      const frame = person.frames[bone];
      if (frame) outline.addPoints(moved(points, (p) => add(frame.position, rotate(frame.rotation, p))));
    }
    const share = extent ? (outline.visibleShare(view, personMask(index)) ?? 1) : 0;
    return {
      id: person.spec.id,
      visibleBox: extent ? roundBox(extent.box) : null,
      fullBox: cut(outline.box),
      visibility: round(share, 3),
      keypoints: this.#keypoints(person, body, view, personMask(index)),
      action: person.performance.action,
      inside: person.inside,
    };
  }

  #keypoints(person: PersonState, body: Body, view: MaskView, mask: number): TruthKeypoint[] {
    const bone = (name: string): number => body.bones.findIndex((b) => b.name === name);
    const head = bone('head');
    return KEYPOINT_NAMES.map((name) => {
      const joint = JOINTS[name];
      const frame = person.frames[joint ? bone(joint) : head];
      if (!frame) return [0, 0, 0];
      const place = joint
        ? frame.position
        : add(
            frame.position,
            rotate(
              frame.rotation,
              sub(body.face[name as FacePoint], (body.bones[head] as { head: Vec3 }).head),
            ),
          );
      return this.#keypoint(place, view, mask);
    });
  }

  #keypoint(place: Vec3, view: MaskView, mask: number): TruthKeypoint {
    const p = this.#projector.project(place);
    if (!insidePicture(p)) return [0, 0, 0];
    const [x, y] = [Math.floor(p.x * view.width), Math.floor(p.y * view.height)];
    const seen = view.id(x, y) === mask && p.distance - view.distance(x, y) < FLESH;
    return [round(p.x, 4), round(p.y, 4), seen ? 2 : 1];
  }

  #thing(thing: ThingState, index: number, extent: Extent | undefined): ObjectTruth {
    const outline = new Silhouette(this.#projector, this.#size.width, this.#size.height);
    outline.addPoints(
      moved(this.#solids.things[index] ?? [], (p) => add(thing.position, rotate(thing.rotation, p))),
    );
    const full = cut(outline.box);
    const area = (b: TruthBox | null): number => (b ? (b[2] - b[0]) * (b[3] - b[1]) : 0);
    return {
      id: thing.spec.id,
      kind: thing.spec.kind,
      visibleBox: extent ? roundBox(extent.box) : null,
      fullBox: full,
      // Things are full of holes, so boxes are compared, not outlines.
      visibility: round(
        extent && full ? Math.min(1, area(extent.box) / Math.max(1e-9, area(outline.box ?? null))) : 0,
        3,
      ),
      inside: thing.inside,
    };
  }
}

/** What is true of the cabin, whatever the picture shows. */
export function momentTruth(state: WorldState): Omit<FrameTruth, 'people' | 'objects'> {
  return {
    t: round(state.t, 3),
    door: state.car.door,
    opening: round(state.car.opening, 3),
    light: state.picture.light,
    picture: state.picture.fault,
  };
}

type Extent = { readonly box: TruthBox; readonly pixels: number };

function moved(points: readonly number[], move: (p: Vec3) => Vec3): Float32Array {
  const out = new Float32Array(points.length);
  for (let i = 0; i + 2 < points.length; i += 3)
    out.set(move([points[i] as number, points[i + 1] as number, points[i + 2] as number]), i);
  return out;
}

function cut(box: TruthBox | undefined): TruthBox | null {
  if (!box) return null;
  const [x1, y1, x2, y2] = box.map((v) => clamp(v, 0, 1)) as [number, number, number, number];
  return x2 > x1 && y2 > y1 ? roundBox([x1, y1, x2, y2]) : null;
}

const round = (v: number, digits: number): number => Math.round(v * 10 ** digits) / 10 ** digits;
const roundBox = (b: TruthBox): TruthBox => [round(b[0], 4), round(b[1], 4), round(b[2], 4), round(b[3], 4)];
