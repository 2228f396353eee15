import { join, resolve } from 'node:path';
import { createApi, type ServicePorts, type Wall } from '../../api/index.ts';
import type { Config, DeepReadonly } from '../../config/index.ts';
import { buildConsole } from '../../console/index.ts';
import { type ControllerOptions, createControllers } from '../../controllers/index.ts';
import { CabinwatchError, type Clock, type Logger, projectRoot, systemClock } from '../../core/index.ts';
import {
  type AlarmOptions,
  createDispatcher,
  createSinks,
  type Dispatcher,
  sinkNames,
} from '../../incidents/index.ts';
import { createStorage, type Storage, type StorageOptions } from '../../storage/index.ts';
import { type Camera, createMediaServer } from '../../streams/index.ts';
import { auditSettings } from './audit-settings.ts';
import { createCabinPictures } from './cabin-pictures.ts';
import { type CabinScreens, createCabinScreens } from './calls/cabin-screens.ts';
import { createCalls } from './calls/create-calls.ts';
import { ServiceCabins } from './calls/service-cabins.ts';
import { CameraFleet } from './camera-fleet.ts';
import { Closers } from './closers.ts';
import { joinControllers } from './join-controllers.ts';
import { type Judgement, judgeLifts } from './judge-lifts.ts';
import { keepEvidence } from './keep-evidence.ts';
import { LiftRegistry } from './lift-registry.ts';
import { LiveState } from './live-state.ts';
import { createMetrics } from './metrics.ts';
import { type Models, openModels } from './open-models.ts';
import { keepRecordings, type Recordings } from './recordings/keep-recordings.ts';
import { createTakeUp } from './take-up.ts';
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
  /** The built-in MQTT broker's port; undefined where no lift's controller signs in there. */
  readonly mqttPort: number | undefined;
  /** What is known of every lift. */
  readonly state: LiveState;
  readonly incidents: Judgement['desk'];
  /** Parts of the service that work, by name. */
  health(): Readonly<Record<string, boolean>>;
  /** Everything, last started first; idempotent. */
  close(): Promise<void>;
}

/**
 * The whole service, in the order in which it starts; it closes in reverse. Cameras, controllers, receivers and models that
 * fail leave the rest running; what cannot be done without (a port that is taken) is thrown, and nothing is left behind.
 */
export async function createApp(config: DeepReadonly<Config>, deps: AppDeps): Promise<App> {
  const { logger, clock = systemClock, cacheDir = join(projectRoot(), '.cache') } = deps;
  const closers = new Closers(logger);
  try {
    // 1. What is kept, and the models: both take seconds, so they start side by side.
    const alarms = structuredClone(config.alarms) as AlarmOptions;
    const [storage, models] = await startBoth(config, deps, clock, closers);
    auditSettings(config, { audit: storage.audit, clock, logger });

    // 2. Where alarms go: what a former run has left is told first.
    const sinks = createSinks(alarms);
    const dispatcher = createDispatcher(alarms.dispatch, { sinks, outbox: storage.outbox, logger, clock });
    closers.add('dispatcher', () => dispatcher.close());
    storage.on('recorded', () => dispatcher.wake());

    // 3. The lifts, and what is known of them.
    const registry = await LiftRegistry.open(config.lifts, { store: storage.lifts, clock, logger });
    const state = new LiveState(registry.lifts.map(({ id, name }) => ({ id, name: name ?? id })));

    // 4. The judges: they are there before anybody has something to tell them.
    const controllers = createControllers(structuredClone(config.controllers) as ControllerOptions, {
      logger,
      clock,
    });
    const judgement = await judgeLifts(config, registry.lifts, {
      incidents: storage.incidents,
      maintenance: storage.maintenance,
      carState: (liftId) => controllers.state(liftId),
      clock,
      logger,
    });
    const { desk } = judgement;
    closers.add('incidents', () => desk.close());
    const lastRun = createTakeUp({ storage, parts: [registry, judgement], logger });
    await lastRun.now();

    // 5. The controllers: car states and timelines.
    controllers.on('state', (car) => desk.push(car.liftId, { type: 'car', state: car }));
    controllers.on('timeline', (entry) => keepEntry(storage, entry, logger));
    closers.add('controllers', () => controllers.close());
    const joined = await joinControllers(registry.lifts, controllers);

    // 6. The media server: cameras that push come in there, live views go out.
    const media = await createMediaServer(config.media, { logger, clock });
    closers.add('media server', () => media.close());

    // 7. Whoever looks at cameras, and tells the wall and the judges.
    const watch = watchCabins(config, {
      models,
      onScene: (scene) => state.takeScene(scene),
      onBehaviour(event) {
        state.takeBehaviour(event);
        desk.push(event.liftId, { type: 'behaviour', event });
        metrics.behaviour(event);
      },
      logger,
      clock,
    });
    closers.add('watch', () => watch.close());
    const metrics = createMetrics({
      state,
      scheduler: () => watch.stats(),
      controllers,
      outbox: storage.outbox,
      storage: () => storage.health(),
    });
    storage.on('recorded', (changes) => {
      for (const change of changes) metrics.incident(change);
    });

    // 8. The cameras, and the pictures kept of incidents.
    const fleet = new CameraFleet(registry.lifts, {
      media,
      logger,
      clock,
      onHealth(health) {
        state.takeHealth(health);
        desk.push(health.liftId, { type: 'camera', ts: clock.now(), health });
      },
      onCamera: (camera, lift) => watch.watch(camera, lift),
    });
    closers.add('cameras', () => fleet.close());
    const evidence = keepEvidence({
      cameras: fleet.cameras,
      media: storage.media,
      clips: config.clips,
      logger,
    });
    closers.add('evidence', () => evidence.close());
    desk.on('judged', (change) => evidence.take(change));
    for (const part of [liveStatePart(state), judgement, joined, fleet]) registry.join(part);

    // 9. Calls: signaling, the screens in the cabins, and the service as the cabin where there is only a camera.
    const pageDir = join(cacheDir, 'console');
    const dataDir = resolve(config.storage.dataDir);
    let screens: CabinScreens | undefined;
    let recordings: Recordings | undefined;
    const { recording } = config.calls;
    const calls = await createCalls(config.signaling, {
      accounts: storage.accounts,
      audit: storage.audit,
      history: storage.calls,
      links: storage.callLinks,
      dataDir,
      isScreen: async (liftId, id) => (await screens?.terminals.terminal(liftId))?.id === id,
      groupOf: (liftId) => registry.get(liftId)?.group,
      onCall: (record) => recordings?.take(record),
      consent: recording.enabled ? recording.consent : undefined,
      open: config.api.open === 'this-machine',
      clock,
      logger,
    });
    closers.add('calls', () => calls.close());
    recordings = keepRecordings(recording, {
      signaling: calls.signaling,
      media: storage.media,
      audit: storage.audit,
      folder: join(dataDir, 'recordings'),
      clock,
      logger,
    });
    closers.add('recordings', async () => recordings?.close());
    await recordings.takeUp(() => storage.calls.open());
    const cabins = new ServiceCabins({
      signaling: calls.signaling,
      cameras: fleet.cameras,
      screen: async (liftId) => screens?.terminals.terminal(liftId),
      clock,
      logger,
    });
    closers.add('cabins with a camera only', () => cabins.close());
    screens = await createCabinScreens(config.calming, {
      desk,
      car: (liftId) => controllers.state(liftId),
      signaling: calls.signaling,
      onPaired: (liftId) => cabins.meet(liftId),
      dataDir,
      pageDir,
      clock,
      logger,
    });
    closers.add('screens in cabins', async () => screens?.close());
    controllers.on('state', (car) => screens?.changed(car.liftId));
    for (const lift of registry.lifts) await cabins.put(lift);
    registry.join(cabins);
    lastRun.keepTrying();
    closers.add('what the last run has left', () => lastRun.close());

    // 10. The page and the API: last, so that nobody asks before there is an answer.
    await buildConsole({ outDir: pageDir });
    const health = healthOf(models, storage, dispatcher);
    const ports: ServicePorts = {
      accounts: storage.accounts,
      audit: storage.audit,
      lifts: registry,
      cars: controllers,
      timelines: storage.timeline,
      incidents: storage.incidents,
      desk,
      maintenance: toldOfMaintenance(storage.maintenance, desk, clock),
      mediaFiles: storage.media,
      outbox: storage.outbox,
      controllers: { ingest: (liftId, body, at) => void controllers.ingest(liftId, body, at) },
      calls,
      cabins: screens,
      metrics: metrics.registry,
      checks: health,
    };
    const api = await createApi(structuredClone(config.api) as Config['api'], {
      ...ports,
      wall: createWall(state, fleet.cameras, health),
      logger,
      clock,
      pageDir,
      media: { host: reachable(config.media.bind), port: media.httpPort },
    });
    closers.add('api', () => api.close());
    // First of all: the API's server waits for everybody who is connected.
    closers.add('lines of calls', () => calls.close());

    logger.info({ url: api.url, lifts: registry.lifts.length }, 'the service is up');
    return {
      url: api.url,
      mqttPort: controllers.mqttPort,
      state,
      incidents: desk,
      health,
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function startBoth(
  config: DeepReadonly<Config>,
  deps: AppDeps,
  clock: Clock,
  closers: Closers,
): Promise<[Storage, Models]> {
  const { logger } = deps;
  const options = structuredClone(config.storage) as StorageOptions;
  const opening = createStorage(
    { ...options, dataDir: resolve(options.dataDir) },
    { sinks: sinkNames(structuredClone(config.alarms) as AlarmOptions), logger, clock },
  );
  const loading =
    deps.models ?? openModels(config.models, structuredClone(config.engine) as Config['engine'], logger);
  const [storage, models] = await Promise.allSettled([opening, loading]);
  if (storage.status === 'fulfilled') closers.add('storage', () => storage.value.close());
  if (models.status === 'fulfilled') closers.add('models', () => models.value.close());
  if (storage.status === 'rejected') throw storage.reason;
  if (models.status === 'rejected') throw models.reason;
  return [storage.value, models.value];
}

/** A timeline helps to read causes; where it cannot be written, judging goes on. */
function keepEntry(
  storage: Storage,
  entry: Parameters<Storage['timeline']['put']>[0][number],
  logger: Logger,
): void {
  storage.timeline.put([entry]).catch((error) => {
    logger.warn({ liftId: entry.liftId, error: String(error) }, 'a timeline entry could not be kept');
  });
}

function liveStatePart(state: LiveState): Parameters<LiftRegistry['join']>[0] {
  return {
    put: ({ id, name }) => state.putLift({ id, name: name ?? id }),
    remove: (liftId) => state.removeLift(liftId),
  };
}

/** The store of maintenance windows, with the judges told of each change. */
function toldOfMaintenance(
  store: Storage['maintenance'],
  desk: Judgement['desk'],
  clock: Clock,
): Storage['maintenance'] {
  return {
    windows: (now) => store.windows(now),
    async put(window) {
      await store.put(window);
      desk.maintain(window);
    },
    async end(id, at) {
      const window = (await store.windows(clock.now())).find((one) => one.id === id);
      await store.end(id, at);
      if (window) desk.endMaintenance(window.liftId, id);
    },
  };
}

function healthOf(models: Models, storage: Storage, dispatcher: Dispatcher): () => Record<string, boolean> {
  return () => ({
    detector: models.detector !== undefined,
    pose: models.pose !== undefined,
    storage: storage.health().state === 'ok',
    alarms: dispatcher.health().every((lane) => lane.failingSince === undefined),
  });
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
    snapshot: createCabinPictures({
      camera: get,
      scene: (id) => state.scene(id),
      stopwatch: () => performance.now(),
    }),
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
