import type { ActiveView, HealthView, SceneView, TrackView } from '../../api/index.ts';
import type { BehaviourEvent, CameraHealth, Scene, Track } from '../../core/index.ts';

/** A thousandth of the picture is finer than a pixel of it, and shorter on the wire. */
const round3 = (v: number): number => Math.round(v * 1000) / 1000;

export function healthView(health: CameraHealth): HealthView {
  return {
    state: health.state,
    since: Math.round(health.since),
    lastPictureAt: health.lastPictureAt === undefined ? null : Math.round(health.lastPictureAt),
    reconnects: health.reconnects,
    fpsExpected: health.fpsExpected === undefined ? null : round3(health.fpsExpected),
    fpsGot: round3(health.fpsGot),
    error: health.error ? { code: health.error.code, message: health.error.message } : null,
  };
}

export function sceneView(scene: Scene): SceneView {
  return {
    ts: Math.round(scene.ts),
    aspect: round3(scene.aspect),
    people: scene.people.map(trackView),
    objects: scene.objects.map(trackView),
    doubt: scene.doubt ?? null,
  };
}

function trackView(track: Track): TrackView {
  const { x1, y1, x2, y2 } = track.box;
  return {
    id: track.trackId,
    label: track.label,
    score: round3(track.score),
    state: track.state,
    box: [round3(x1), round3(y1), round3(x2), round3(y2)],
    pose: track.keypoints?.flatMap(({ x, y, score }) => [x, y, score].map(round3)) ?? null,
  };
}

export function activeView(event: BehaviourEvent): ActiveView {
  const { kind, startedAt, confidence, evidence } = event;
  return { kind, startedAt: Math.round(startedAt), confidence, evidence: copyOf(evidence) };
}

export function copyOf(evidence: BehaviourEvent['evidence']): ActiveView['evidence'] {
  const entries = Object.entries(evidence).map(([key, value]) => [
    key,
    Array.isArray(value) ? [...value] : value,
  ]);
  return Object.fromEntries(entries) as ActiveView['evidence'];
}
