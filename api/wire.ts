import { type Static, Type } from 'typebox';
import { BEHAVIOUR_KINDS } from '../core/index.ts';
import { nullable } from './schemas/common.ts';

/** What the API answers with; the console takes its types from here. Times are epoch ms, boxes normalised 0–1. */

export const TrackView = Type.Object({
  id: Type.Integer({ description: 'Never used twice within a lift.' }),
  label: Type.String(),
  score: Type.Number(),
  state: Type.Enum(['tentative', 'confirmed', 'lost']),
  box: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()], {
    description: 'x1, y1, x2, y2',
  }),
  pose: nullable(
    Type.Array(Type.Number(), {
      description: '17 COCO joints, x, y and score in turn; null where no pose was seen.',
    }),
  ),
});
export type TrackView = Static<typeof TrackView>;

export const SceneView = Type.Object({
  ts: Type.Integer({ description: 'When the picture came.' }),
  aspect: Type.Number({ description: 'Width ÷ height of the picture.' }),
  people: Type.Array(TrackView),
  objects: Type.Array(TrackView),
  doubt: nullable(
    Type.String({ description: 'Why this picture proves nothing: dark, blocked, frozen, infrared.' }),
  ),
});
export type SceneView = Static<typeof SceneView>;

export const HealthView = Type.Object({
  state: Type.Enum(['connecting', 'online', 'stale', 'frozen', 'blocked', 'offline']),
  since: Type.Integer(),
  lastPictureAt: nullable(Type.Integer()),
  reconnects: Type.Integer(),
  fpsExpected: nullable(Type.Number()),
  fpsGot: Type.Number(),
  error: nullable(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type HealthView = Static<typeof HealthView>;

const Evidence = Type.Record(
  Type.String(),
  Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Array(Type.Number())]),
  {
    description:
      'The figures the judgement rests on; `stage` of an e-bike is `warning` until the vote confirms it.',
  },
);

export const ActiveView = Type.Object({
  kind: Type.Enum([...BEHAVIOUR_KINDS]),
  startedAt: Type.Integer(),
  confidence: Type.Number(),
  evidence: Evidence,
});
export type ActiveView = Static<typeof ActiveView>;

export const CameraView = Type.Object(
  {
    id: Type.String(),
    liftId: Type.String(),
    name: Type.String(),
    health: HealthView,
    occupancy: nullable(Type.Integer({ description: 'People inside, debounced; null while unknown.' })),
    active: Type.Array(ActiveView, { description: 'What is going on now.' }),
    scene: nullable(SceneView),
  },
  { $id: 'Camera' },
);
export type CameraView = Static<typeof CameraView>;

export const EventView = Type.Object({
  id: Type.Integer({ description: 'Rises from one event to the next.' }),
  cameraId: Type.String(),
  ts: Type.Integer({ description: 'When it was known.' }),
  kind: Type.Enum([...BEHAVIOUR_KINDS]),
  phase: Type.Enum(['started', 'updated', 'ended']),
  startedAt: Type.Integer(),
  confidence: Type.Number(),
  evidence: Evidence,
});
export type EventView = Static<typeof EventView>;

export const LiveView = Type.Object({
  token: Type.String(),
  expiresAt: Type.Integer(),
  httpFlv: Type.String({ description: 'FLV over HTTP; a path on this server.' }),
  wsFlv: Type.String({
    description: 'The same as WebSocket: not held back by a browser’s six connections per host.',
  }),
});
export type LiveView = Static<typeof LiveView>;

/** Server-sent events by name: `hello` once per connection, then what changes. */
export interface WallMessages {
  readonly hello: {
    readonly now: number;
    readonly cameras: readonly CameraView[];
    readonly events: readonly EventView[];
  };
  /** Everything of a camera but its scene. */
  readonly camera: Omit<CameraView, 'scene'>;
  readonly scene: { readonly cameraId: string; readonly scene: SceneView };
  readonly event: EventView;
  /** Its lift is no longer watched. */
  readonly removed: { readonly cameraId: string };
  /** Which parts of the service work; after `hello`, and when that changes. */
  readonly service: Readonly<Record<string, boolean>>;
}
