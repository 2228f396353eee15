import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, DeepReadonly } from '../../config/index.ts';
import { CabinwatchError, type CameraHealth, type Clock, type Logger } from '../../core/index.ts';
import { type Camera, createCamera, type MediaServer } from '../../streams/index.ts';
import type { LiveState } from './live-state.ts';

export interface FleetDeps {
  readonly media: MediaServer;
  readonly state: LiveState;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Called with each camera as it starts. */
  readonly onCamera: (camera: Camera) => void;
}

export interface Fleet {
  /** Grows while the cameras start. */
  readonly cameras: ReadonlyMap<string, Camera>;
  close(): Promise<void>;
}

/** Programs that all start at once take seconds to get going. */
const STAGGER_MS = 50;
/** Ages and rates change without a change of state. */
const HEALTH_EVERY_MS = 2000;

/** One camera a lift. A camera that cannot even be tried is offline, and keeps none of the others from running. */
export function startCameras(config: DeepReadonly<Config>, deps: FleetDeps): Fleet {
  const { state } = deps;
  const cameras = new Map<string, Camera>();
  const abort = new AbortController();
  const starting = startAll(config.lifts, cameras, deps, abort.signal);
  const timer = setInterval(() => {
    for (const camera of cameras.values()) state.takeHealth(camera.health());
  }, HEALTH_EVERY_MS);
  return {
    cameras,
    async close() {
      clearInterval(timer);
      abort.abort();
      await starting;
      await Promise.all([...cameras.values()].map((camera) => camera.close()));
    },
  };
}

async function startAll(
  lifts: DeepReadonly<Config>['lifts'],
  cameras: Map<string, Camera>,
  deps: FleetDeps,
  signal: AbortSignal,
): Promise<void> {
  for (const lift of lifts) {
    if (signal.aborted) return;
    startOne(lift, cameras, deps);
    await sleep(STAGGER_MS, undefined, { signal }).catch(() => {});
  }
}

function startOne(
  { id, camera: options }: DeepReadonly<Config>['lifts'][number],
  cameras: Map<string, Camera>,
  { media, state, logger, clock, onCamera }: FleetDeps,
): void {
  try {
    const camera = createCamera({ ...options, cameraId: id, liftId: id }, { media, logger, clock });
    cameras.set(id, camera);
    camera.on('state', (health) => state.takeHealth(health));
    state.takeHealth(camera.health());
    onCamera(camera);
  } catch (error) {
    logger.error({ cameraId: id, detail: (error as Error).message }, 'a camera cannot be started');
    state.takeHealth(unusable(id, error, clock.now()));
  }
}

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
