import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Clock } from '../core/index.ts';
import type { Entrance } from './auth/entrance.ts';
import { isOurs } from './auth/origin.ts';
import type { ApiDeps } from './create-api.ts';
import type { ApiOptions } from './options.ts';
import { alarmRoutes } from './routes/alarms.ts';
import { auditRoutes } from './routes/audit.ts';
import { cabinPage, cabinRoutes, terminalRoutes } from './routes/cabins.ts';
import { callRoutes } from './routes/calls.ts';
import { cameraRoutes } from './routes/cameras.ts';
import { carRoutes, timelineRoutes } from './routes/cars.ts';
import { controllerRoutes } from './routes/controllers.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { incidentStreamRoute } from './routes/incident-stream.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { keyRoutes } from './routes/keys.ts';
import { liftRoutes } from './routes/lifts.ts';
import { liveRoutes } from './routes/live.ts';
import { maintenanceRoutes } from './routes/maintenance.ts';
import { mediaRoutes } from './routes/media.ts';
import { metricsRoute } from './routes/metrics.ts';
import { openapiRoute } from './routes/openapi.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { meRoute, sessionRoutes } from './routes/sessions.ts';
import { statisticsRoutes } from './routes/statistics.ts';
import { userRoutes } from './routes/users.ts';
import { createSight } from './sight.ts';

/** A reader of a stream that takes nothing for so long is let go. */
const SLOW_READER_MS = 20_000;

/** Every resource whose ports are there. */
export async function registerRoutes(
  server: FastifyInstance,
  options: ApiOptions,
  deps: ApiDeps & { readonly clock: Clock },
  entrance: Entrance,
): Promise<void> {
  const { wall, clock, logger, lifts, incidents, controllers, media, mediaFiles } = deps;
  const { rights, record, signIn, admit } = entrance;
  const sight = createSight(lifts);
  const common = { sight, rights, record, clock, logger };

  await server.register(healthRoutes(deps.checks ?? (() => wall.health())));
  await server.register(openapiRoute());
  if (deps.metrics) {
    const openToThisMachine = options.metricsOpen === 'this-machine';
    await server.register(metricsRoute(deps.metrics, { openToThisMachine }));
  }

  await server.register(meRoute());
  if (signIn) {
    await server.register(sessionRoutes({ ...signIn, record, clock }));
    await server.register(userRoutes({ ...signIn, record, clock }));
    await server.register(keyRoutes({ ...signIn, record, clock }));
  }
  if (deps.audit) await server.register(auditRoutes(deps.audit));

  await server.register(cameraRoutes({ ...common, wall, desk: deps.desk, hideFaces: options.hideFaces }));
  const sceneIntervalMs = 1000 / options.scenesPerSecond;
  await server.register(eventRoutes({ ...common, wall, sceneIntervalMs }));
  if (media) await server.register(liveRoutes({ ...common, wall, media, admit }));

  if (lifts) await server.register(liftRoutes({ ...common, lifts }));
  if (deps.cars) await server.register(carRoutes(deps.cars, sight));
  if (deps.timelines) await server.register(timelineRoutes({ ...common, timelines: deps.timelines }));
  if (controllers) await server.register(controllerRoutes({ ...common, controllers, lifts }));
  if (deps.cabins) {
    const { cabins } = deps;
    await server.register(cabinRoutes({ ...common, cabins }));
    await server.register(terminalRoutes({ ...common, cabins, lifts }));
    if (deps.pageDir) await server.register(cabinPage(deps.pageDir));
  }
  if (deps.maintenance)
    await server.register(maintenanceRoutes({ ...common, maintenance: deps.maintenance }));

  if (incidents) {
    await server.register(incidentRoutes({ ...common, incidents, desk: deps.desk }));
    await server.register(incidentStreamRoute({ ...common, incidents, slowReaderMs: SLOW_READER_MS }));
    await server.register(statisticsRoutes({ ...common, incidents }));
    if (mediaFiles) await server.register(mediaRoutes({ ...common, incidents, mediaFiles }));
  }
  if (mediaFiles) await server.register(recordingRoutes({ ...common, mediaFiles }));
  if (deps.calls && lifts && incidents) {
    const { calls } = deps;
    await server.register(callRoutes({ ...common, calls, lifts, incidents }));
    calls.attach(server.server, (request) => isOurs(request.headers, entrance.origin));
  }
  if (deps.outbox) await server.register(alarmRoutes({ ...common, outbox: deps.outbox }));

  if (deps.pageDir) await server.register(pageRoutes(deps.pageDir));
}

/** The page's own files: they hold no data, and show a sign-in to those who have to. */
function pageRoutes(root: string): FastifyPluginAsync {
  return async (api) => {
    api.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
      route.schema = { ...route.schema, hide: true };
    });
    await api.register(fastifyStatic, { root, cacheControl: false });
  };
}
