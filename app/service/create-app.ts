import { join } from 'node:path';
import { createApi, type Wall } from '../../api/index.ts';
import type { Config, DeepReadonly } from '../../config/index.ts';
import { buildConsole } from '../../console/index.ts';
import { CabinwatchError, type Clock, type Logger, projectRoot, systemClock } from '../../core/index.ts';
import { type Camera, createMediaServer } from '../../streams/index.ts';
import { Closers } from './closers.ts';
import { LiveState } from './live-state.ts';
import { type Models, openModels } from './open-models.ts';
import { startCameras } from './start-cameras.ts';
import { watchCabins } from './watch-cabins.ts';

export interface AppDeps {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Instead of the built ones; closed with the app. */
  readonly models?: Models;
  /** Absolute; where derived files lie, such as the built page. Default `.cache` in the project. */
  readonly cacheDir?: string;
}

export interface App {
  /** Where the watch page is. */
  readonly url: string;
  /** What is known of every lift. */
  readonly state: LiveState;
  /** Parts of the service that work, by name. */
  health(): Readonly<Record<string, boolean>>;
  /** Everything, last started first; idempotent. */
  close(): Promise<void>;
}

/**
 * The whole service, in the order in which it starts; it closes in reverse. Cameras and models that fail leave the
 * rest running; what cannot be done without (a port that is taken) is thrown, and nothing is left behind.
 */
export async function createApp(config: DeepReadonly<Config>, deps: AppDeps): Promise<App> {
  const { logger, clock = systemClock, cacheDir = join(projectRoot(), '.cache') } = deps;
  const closers = new Closers(logger);
  const state = new LiveState(config.lifts.map(({ id, name }) => ({ id, name: name ?? id })));
  try {
    // 1. The models: they take longest, and cameras should be looked at from their first picture on.
    const models =
      deps.models ??
      (await openModels(config.models, structuredClone(config.engine) as Config['engine'], logger));
    closers.add('models', () => models.close());

    // 2. The media server: cameras publish to it.
    const media = await createMediaServer(config.media, { logger, clock });
    closers.add('media server', () => media.close());

    // 3. Whoever looks at cameras.
    const watch = watchCabins(config, { models, state, logger, clock });
    closers.add('watch', () => watch.close());

    // 4. The cameras.
    const onCamera = (camera: Camera): void => watch.watch(camera);
    const fleet = startCameras(config, { media, state, logger, clock, onCamera });
    closers.add('cameras', () => fleet.close());

    // 5. The page and the API: last, so that nobody asks before there is an answer.
    const pageDir = join(cacheDir, 'console');
    await buildConsole({ outDir: pageDir });
    const health = (): Record<string, boolean> => ({
      detector: models.detector !== undefined,
      pose: models.pose !== undefined,
    });
    const wall = createWall(state, fleet.cameras, health);
    const mediaAddress = { host: reachable(config.media.bind), port: media.httpPort };
    const api = await createApi(config.api, { wall, logger, clock, pageDir, media: mediaAddress });
    closers.add('api', () => api.close());

    logger.info({ url: api.url, lifts: config.lifts.length }, 'the service is up');
    return { url: api.url, state, health, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** What the API needs, out of what is known and the cameras. */
function createWall(state: LiveState, cameras: ReadonlyMap<string, Camera>, health: Wall['health']): Wall {
  const get = (id: string): Camera => {
    const camera = cameras.get(id);
    if (camera) return camera;
    state.camera(id);
    throw new CabinwatchError(
      'MEDIA_UNAVAILABLE',
      `The camera "${id}" could not be started; see its health.`,
    );
  };
  return {
    cameras: () => state.cameras(),
    events: () => state.events(),
    subscribe: (listener) => state.subscribe(listener),
    health,
    async snapshot(id) {
      const { jpeg, ts } = await get(id).snapshot();
      return { jpeg, takenAt: ts };
    },
    async live(id) {
      const { path, token, expiresAt } = get(id).permitPlay();
      return { token, expiresAt, httpFlv: path, wsFlv: path };
    },
  };
}

/** The address by which this machine reaches its own media server. */
function reachable(bind: string): string {
  return bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind;
}
