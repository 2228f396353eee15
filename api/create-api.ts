import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { CabinwatchError, type Clock, type Logger, systemClock } from '../core/index.ts';
import type { ApiOptions } from './options.ts';
import { cameraRoutes } from './routes/cameras.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { liveRoutes, type MediaAddress } from './routes/live.ts';
import type { Wall } from './wall.ts';

export interface ApiDeps {
  readonly wall: Wall;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Folder of the built watch page; without it only the API is served. */
  readonly pageDir?: string;
  /** The media server's HTTP address, for live pictures under `/live/`; without it there are none. */
  readonly media?: MediaAddress;
}

export interface Api {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Starts the HTTP API and the watch page.
 * @throws CabinwatchError CONFIG_INVALID for an address that others can reach, ADDRESS_IN_USE
 */
export async function createApi(options: ApiOptions, deps: ApiDeps): Promise<Api> {
  if (!LOOPBACK.has(options.host)) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `api.host is ${options.host}, but there is no sign-in yet, so anyone there could watch. ` +
        'Use 127.0.0.1 and reach it through an SSH tunnel (ssh -L 8080:127.0.0.1:8080 HOST).',
    );
  }
  const server = await createServer(options, deps);
  try {
    const url = await server.listen({ host: options.host, port: options.port });
    return { url, close: () => server.close() };
  } catch (cause) {
    await server.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new CabinwatchError(
      'ADDRESS_IN_USE',
      `Port ${options.port} on ${options.host} is taken by another program. Stop it or set api.port; 0 takes a free one.`,
      { cause },
    );
  }
}

async function createServer(options: ApiOptions, deps: ApiDeps): Promise<FastifyInstance> {
  const { wall, logger, clock = systemClock } = deps;
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    // Served without TLS on this machine; the page's own origin is all that may use it.
    strictTransportSecurity: false,
  });
  server.addHook('onRequest', async ({ raw }) => {
    if (!isOurs(raw)) {
      throw new CabinwatchError(
        'FORBIDDEN',
        'This service answers only pages and programs on its own machine.',
      );
    }
  });
  server.setErrorHandler((error, _request, reply) => {
    const { code, httpStatus, message, retryable } = explain(error as Error, logger);
    reply.code(httpStatus).send({ error: { code, message, retryable } });
  });
  await server.register(healthRoutes(wall));
  await server.register(cameraRoutes(wall));
  await server.register(eventRoutes({ wall, clock, sceneIntervalMs: 1000 / options.scenesPerSecond }));
  if (deps.media) await server.register(liveRoutes(deps.media, isOurs));
  if (deps.pageDir) await server.register(fastifyStatic, { root: deps.pageDir, cacheControl: false });
  return server as unknown as FastifyInstance;
}

/**
 * A page of another site must not read this one by having its own name resolve to 127.0.0.1 (DNS rebinding): only
 * requests that name this machine are answered, and none that another origin's page has sent.
 */
function isOurs({ headers }: IncomingMessage): boolean {
  const { host = 'none', origin } = headers;
  if (!URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  return LOOPBACK.has(name) && (origin === undefined || origin === `http://${host}`);
}

const CONTENT_POLICY = {
  'default-src': ["'self'"],
  'media-src': ["'self'", 'blob:'],
  'img-src': ["'self'", 'blob:', 'data:'],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'object-src': ["'none'"],
};

interface Explained {
  readonly code: string;
  readonly httpStatus: number;
  readonly message: string;
  readonly retryable: boolean;
}

function explain(error: Error, logger: Logger): Explained {
  if (error instanceof CabinwatchError) return error;
  const { statusCode = 500, code = 'INTERNAL' } = error as FastifyError;
  if (statusCode < 500) return { code, httpStatus: statusCode, message: error.message, retryable: false };
  logger.error({ err: error }, 'a request failed');
  return {
    code: 'INTERNAL',
    httpStatus: 500,
    message: 'Something went wrong here; the log says what.',
    retryable: true,
  };
}
