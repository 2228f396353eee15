import type { BehaviourEvent, BehaviourKind, CameraHealth } from '../../core/index.ts';

/** The last word on one kind of behaviour. */
export interface Episode {
  readonly open: boolean;
  readonly startedAt: number;
  readonly ts: number;
  readonly confidence: number;
  readonly evidence: BehaviourEvent['evidence'];
}

export interface PictureMemory {
  readonly episodes: Partial<Readonly<Record<BehaviourKind, Episode>>>;
  readonly camera?:
    | { readonly state: CameraHealth['state']; readonly since: number; readonly ts: number }
    | undefined;
  /** Since when the picture has not been one to trust; kept a little beyond its end. */
  readonly doubtSince?: number | undefined;
  readonly doubtEndedAt?: number | undefined;
}

const DOUBTFUL_STATES: readonly CameraHealth['state'][] = ['connecting', 'offline', 'frozen', 'blocked'];
const DOUBTFUL_KINDS = ['camera-blocked', 'camera-frozen', 'camera-offline'] as const;
/** The first looks after a doubtful picture may still miss people. */
export const SETTLE_MS = 3000;

/** An event no later than the last one of its kind changes nothing. */
export function noteBehaviour(before: PictureMemory, event: BehaviourEvent): PictureMemory {
  const last = before.episodes[event.kind];
  if (last && event.ts <= last.ts) return before;
  const { ts, confidence, evidence, phase } = event;
  const episode = {
    open: phase !== 'ended',
    startedAt: Math.min(event.startedAt, ts),
    ts,
    confidence,
    evidence,
  };
  return withDoubt({ ...before, episodes: { ...before.episodes, [event.kind]: episode } }, ts);
}

export function noteCamera(before: PictureMemory, health: CameraHealth, ts: number): PictureMemory {
  if (before.camera && ts < before.camera.ts) return before;
  const since = Math.min(health.since, ts);
  return withDoubt({ ...before, camera: { state: health.state, since, ts } }, ts);
}

function withDoubt(memory: PictureMemory, ts: number): PictureMemory {
  const { camera, episodes, doubtSince, doubtEndedAt } = memory;
  const doubtful =
    (camera !== undefined && DOUBTFUL_STATES.includes(camera.state)) ||
    DOUBTFUL_KINDS.some((kind) => episodes[kind]?.open);
  if (doubtful) {
    const settled = doubtEndedAt !== undefined && ts - doubtEndedAt >= SETTLE_MS;
    return { ...memory, doubtSince: settled ? ts : (doubtSince ?? ts), doubtEndedAt: undefined };
  }
  if (doubtSince === undefined || doubtEndedAt !== undefined) return memory;
  return { ...memory, doubtEndedAt: ts };
}
