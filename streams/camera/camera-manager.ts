import { CabinwatchError, type CameraHealth, Emitter, type Logger, silentLogger } from '../../core/index.ts';
import { type Camera, type CameraDeps, type CameraEvents, createCamera } from './camera.ts';
import type { CameraSettings } from './camera-settings.ts';

export interface CameraManagerOptions {
  readonly cameras?: readonly CameraSettings[];
  /** Between the starts of the cameras given, ms: 32 programs that start at once take seconds to get going. Default 100. */
  readonly staggerMs?: number;
}

export interface CameraManager {
  /** @throws CabinwatchError CONFIG_INVALID when the id is taken or the settings are wrong; CLOSED */
  add(settings: CameraSettings): Camera;
  /** Resolves when the camera's processes are gone; does nothing for an unknown id. */
  remove(cameraId: string): Promise<void>;
  get(cameraId: string): Camera | undefined;
  list(): Camera[];
  health(): CameraHealth[];
  /** A camera of any id changed its state. */
  on<K extends keyof CameraEvents>(event: K, listener: (payload: CameraEvents[K]) => void): () => void;
  /** Ends all cameras. Not the media server, which belongs to who made it. */
  close(): Promise<void>;
}

/** All cameras of one process; they can be added and removed while it runs. */
export function createCameraManager(
  options: CameraManagerOptions = {},
  deps: CameraDeps = {},
): CameraManager {
  const logger: Logger = deps.logger ?? silentLogger;
  const cameras = new Map<string, Camera>();
  const leaving = new Map<string, Promise<void>>();
  const events = new Emitter<CameraEvents>((error) =>
    logger.error({ error: String(error) }, 'a listener failed'),
  );
  const starts = new Set<NodeJS.Timeout>();
  let closed = false;

  const add = (settings: CameraSettings): Camera => {
    if (closed) throw new CabinwatchError('CLOSED', 'The cameras are closed.');
    const { cameraId } = settings;
    if (cameras.has(cameraId) || leaving.has(cameraId)) {
      throw new CabinwatchError('CONFIG_INVALID', `There is a camera ${cameraId} already.`);
    }
    const camera = createCamera(settings, deps);
    cameras.set(cameraId, camera);
    camera.on('state', (health) => events.emit('state', health));
    return camera;
  };

  const remove = async (cameraId: string): Promise<void> => {
    const camera = cameras.get(cameraId);
    if (!camera) return leaving.get(cameraId);
    cameras.delete(cameraId);
    const gone = camera.close().finally(() => leaving.delete(cameraId));
    leaving.set(cameraId, gone);
    return gone;
  };

  (options.cameras ?? []).forEach((settings, index) => {
    const timer = setTimeout(
      () => {
        starts.delete(timer);
        add(settings);
      },
      index * (options.staggerMs ?? 100),
    );
    starts.add(timer);
  });

  return {
    add,
    remove,
    get: (cameraId) => cameras.get(cameraId),
    list: () => [...cameras.values()],
    health: () => [...cameras.values()].map((camera) => camera.health()),
    on: (event, listener) => events.on(event, listener),
    async close() {
      closed = true;
      for (const timer of starts) clearTimeout(timer);
      await Promise.all([...cameras.keys()].map(remove));
      await Promise.all(leaving.values());
    },
  };
}
