import type { Behaviour, BehaviourEvent, BehaviourKind, Scene } from '../../core/index.ts';

type Evidence = BehaviourEvent['evidence'];

/** One stretch of a behaviour from its `started` to its `ended` event; at most one is open at a time. */
export interface Episode {
  /** When the open episode's behaviour began, ms; undefined while none is open. */
  readonly startedAt: number | undefined;
  start(scene: Scene, startedAt: number, confidence: number, evidence: Evidence): BehaviourEvent;
  update(scene: Scene, confidence: number, evidence: Evidence): BehaviourEvent;
  end(scene: Scene, evidence: Evidence): BehaviourEvent;
  /** Whether the open episode has lasted longer than its cap. */
  capped(ts: number, capSeconds: number): boolean;
  toJSON(): unknown;
}

export function createEpisode(kind: BehaviourKind): Episode {
  let startedAt: number | undefined;
  let confidence = 0;

  function event(phase: BehaviourEvent['phase'], scene: Scene, evidence: Evidence): BehaviourEvent {
    const began = Math.min(startedAt ?? scene.ts, scene.ts);
    const all = scene.doubt ? { ...evidence, doubt: scene.doubt } : evidence;
    const { liftId, ts } = scene;
    return { kind, phase, liftId, ts, startedAt: began, confidence, evidence: all };
  }

  return {
    get startedAt() {
      return startedAt;
    },
    start(scene, began, sureness, evidence) {
      startedAt = began;
      confidence = clamp(sureness);
      return event('started', scene, evidence);
    },
    update(scene, sureness, evidence) {
      confidence = clamp(sureness);
      return event('updated', scene, evidence);
    },
    end(scene, evidence) {
      const ended = event('ended', scene, evidence);
      startedAt = undefined;
      return ended;
    },
    capped: (ts, capSeconds) => startedAt !== undefined && ts - startedAt > capSeconds * 1000,
    toJSON: () => ({ startedAt, confidence }),
  };
}

const clamp = (v: number): number => Math.round(Math.min(1, Math.max(0, v)) * 1000) / 1000;

/** A behaviour around a step function; scenes that do not come later than the last one are ignored. */
export function createBehaviour(
  kind: BehaviourKind,
  step: (scene: Scene) => BehaviourEvent[],
  state: () => unknown,
): Behaviour {
  let last = Number.NEGATIVE_INFINITY;
  return {
    kind,
    push(scene) {
      if (!(scene.ts > last)) return [];
      last = scene.ts;
      return step(scene);
    },
    toJSON: () => ({ kind, last, state: state() }),
  };
}
