import type { CameraView, EventView, WallMessage } from '../../api/index.ts';
import {
  type BehaviourEvent,
  type BehaviourKind,
  CabinwatchError,
  type CameraHealth,
  Emitter,
  type Scene,
} from '../../core/index.ts';
import { activeView, copyOf, healthView, sceneView } from './views.ts';

export interface LiftName {
  readonly id: string;
  readonly name: string;
}

interface LiftState {
  readonly name: string;
  health: CameraHealth | undefined;
  scene: Scene | undefined;
  /** The latest word on each behaviour that goes on. */
  readonly active: Map<BehaviourKind, BehaviourEvent>;
}

/** Events kept for who comes to watch later. */
const KEPT_EVENTS = 300;

/** What is known of every lift right now, and the word of each change. Reads no clock. */
export class LiveState {
  readonly #lifts = new Map<string, LiftState>();
  readonly #events: EventView[] = [];
  readonly #emitter = new Emitter<{ message: WallMessage }>();
  #lastId = 0;

  constructor(lifts: readonly LiftName[]) {
    for (const lift of lifts) this.putLift(lift);
  }

  /** A new lift, or another name for one. */
  putLift({ id, name }: LiftName): void {
    const known = this.#lifts.get(id);
    this.#lifts.set(
      id,
      known ? { ...known, name } : { name, health: undefined, scene: undefined, active: new Map() },
    );
    this.#tell(id);
  }

  removeLift(id: string): void {
    if (this.#lifts.delete(id)) this.#emitter.emit('message', { type: 'removed', data: { cameraId: id } });
  }

  /** Every change of a camera's health, and now and then its current one. */
  takeHealth(health: CameraHealth): void {
    // A camera may say a last word while its lift is being removed.
    const lift = this.#lifts.get(health.liftId);
    if (!lift) return;
    const before = lift.health?.state;
    lift.health = health;
    if (health.state !== before) this.#noteOffline(health, lift);
    this.#tell(health.liftId);
  }

  takeScene(scene: Scene): void {
    const lift = this.#lifts.get(scene.liftId);
    if (!lift) return;
    lift.scene = scene;
    this.#emitter.emit('message', {
      type: 'scene',
      data: { cameraId: scene.liftId, scene: sceneView(scene) },
    });
  }

  takeBehaviour(event: BehaviourEvent): void {
    const lift = this.#lifts.get(event.liftId);
    if (!lift) return;
    if (event.phase === 'ended') lift.active.delete(event.kind);
    else lift.active.set(event.kind, event);
    const view: EventView = {
      id: ++this.#lastId,
      cameraId: event.liftId,
      ts: Math.round(event.ts),
      kind: event.kind,
      phase: event.phase,
      startedAt: Math.round(event.startedAt),
      confidence: event.confidence,
      evidence: copyOf(event.evidence),
    };
    this.#events.push(view);
    if (this.#events.length > KEPT_EVENTS) this.#events.shift();
    this.#emitter.emit('message', { type: 'event', data: view });
    this.#tell(event.liftId);
  }

  cameras(): CameraView[] {
    return [...this.#lifts.keys()].map((id) => this.camera(id));
  }

  camera(id: string): CameraView {
    const { name, health, scene, active } = this.#lift(id);
    return {
      id,
      liftId: id,
      name,
      health: health ? healthView(health) : UNKNOWN_HEALTH,
      // Nobody announced is nobody there only where the picture has been looked at.
      occupancy: scene ? Number(active.get('occupancy')?.evidence.count ?? 0) : null,
      active: [...active.values()].map(activeView),
      scene: scene ? sceneView(scene) : null,
    };
  }

  /** The newest that a model has looked at; undefined while the camera is away. */
  scene(id: string): Scene | undefined {
    return this.#lift(id).scene;
  }

  events(): readonly EventView[] {
    return this.#events;
  }

  subscribe(listener: (message: WallMessage) => void): () => void {
    return this.#emitter.on('message', listener);
  }

  /** An absent camera is itself an event; what was seen by it before is no longer known. */
  #noteOffline(health: CameraHealth, lift: LiftState): void {
    const { liftId, since, state } = health;
    const open = lift.active.get('camera-offline');
    if (state === 'offline' && !open) {
      lift.scene = undefined;
      const evidence = { code: health.error?.code ?? 'CAMERA_UNREACHABLE' };
      const startedAt = Math.min(health.lastPictureAt ?? since, since);
      this.takeBehaviour({
        kind: 'camera-offline',
        phase: 'started',
        liftId,
        ts: since,
        startedAt,
        confidence: 1,
        evidence,
      });
    } else if (state !== 'offline' && state !== 'connecting' && open) {
      this.takeBehaviour({ ...open, phase: 'ended', ts: since, evidence: {} });
    }
  }

  #tell(id: string): void {
    const { scene: _scene, ...rest } = this.camera(id);
    this.#emitter.emit('message', { type: 'camera', data: rest });
  }

  #lift(id: string): LiftState {
    const lift = this.#lifts.get(id);
    if (!lift) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no camera "${id}".`);
    return lift;
  }
}

const UNKNOWN_HEALTH: CameraView['health'] = Object.freeze({
  state: 'connecting',
  since: 0,
  lastPictureAt: null,
  reconnects: 0,
  fpsExpected: null,
  fpsGot: 0,
  error: null,
});
