import { setTimeout as sleep } from 'node:timers/promises';
import type { DeepReadonly, Lift } from '../../config/index.ts';
import { CabinwatchError, type CameraHealth, type Clock, type Logger } from '../../core/index.ts';
import { type Camera, createCamera, type MediaServer } from '../../streams/index.ts';
import type { LiftPart } from './lift-registry.ts';

export interface FleetDeps {
  readonly media: MediaServer;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Every change of a camera's health, and now and then its current one. */
  readonly onHealth: (health: CameraHealth) => void;
  /** Called with each camera as it starts. */
  readonly onCamera: (camera: Camera, lift: DeepReadonly<Lift>) => void;
}

/** Programs that all start at once take seconds to get going. */
const STAGGER_MS = 50;
/** Ages and rates change without a change of state. */
const HEALTH_EVERY_MS = 2000;

/** One camera a lift. A camera that cannot even be tried is offline, and keeps none of the others from running. */
export class CameraFleet implements LiftPart {
  readonly #deps: FleetDeps;
  readonly #cameras = new Map<string, Camera>();
  /** What each was started with, to see whether a change concerns it. */
  readonly #settings = new Map<string, string>();
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #starting: Promise<void>;

  constructor(lifts: readonly DeepReadonly<Lift>[], deps: FleetDeps) {
    this.#deps = deps;
    this.#starting = this.#startAll(lifts);
    this.#timer = setInterval(() => {
      for (const camera of this.#cameras.values()) deps.onHealth(camera.health());
    }, HEALTH_EVERY_MS);
  }

  /** Grows while the cameras start. */
  get cameras(): ReadonlyMap<string, Camera> {
    return this.#cameras;
  }

  async put(lift: DeepReadonly<Lift>): Promise<void> {
    if (this.#settings.get(lift.id) === settingsOf(lift)) return;
    await this.#stop(lift.id);
    this.#startOne(lift);
  }

  async remove(liftId: string): Promise<void> {
    await this.#stop(liftId);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#abort.abort();
    await this.#starting;
    await Promise.all([...this.#cameras.values()].map((camera) => camera.close()));
  }

  async #startAll(lifts: readonly DeepReadonly<Lift>[]): Promise<void> {
    const { signal } = this.#abort;
    for (const lift of lifts) {
      if (signal.aborted) return;
      if (!this.#settings.has(lift.id)) this.#startOne(lift);
      await sleep(STAGGER_MS, undefined, { signal }).catch(() => {});
    }
  }

  #startOne(lift: DeepReadonly<Lift>): void {
    const { id, camera: options } = lift;
    const { media, logger, clock, onHealth, onCamera } = this.#deps;
    this.#settings.set(id, settingsOf(lift));
    try {
      const camera = createCamera({ ...options, cameraId: id, liftId: id }, { media, logger, clock });
      this.#cameras.set(id, camera);
      camera.on('state', onHealth);
      onHealth(camera.health());
      onCamera(camera, lift);
    } catch (error) {
      logger.error({ cameraId: id, detail: (error as Error).message }, 'a camera cannot be started');
      onHealth(unusable(id, error, clock.now()));
    }
  }

  async #stop(liftId: string): Promise<void> {
    const camera = this.#cameras.get(liftId);
    this.#settings.delete(liftId);
    this.#cameras.delete(liftId);
    await camera?.close();
  }
}

const settingsOf = ({ camera, inference }: DeepReadonly<Lift>): string => JSON.stringify([camera, inference]);

function unusable(id: string, error: unknown, now: number): CameraHealth {
  const code = error instanceof CabinwatchError ? error.code : 'CAMERA_UNSUPPORTED';
  return {
    cameraId: id,
    liftId: id,
    state: 'offline',
    since: now,
    lastPictureAt: undefined,
    pictureAgeMs: undefined,
    reconnects: 0,
    fpsExpected: undefined,
    fpsGot: 0,
    error: { code, message: (error as Error).message },
  };
}
