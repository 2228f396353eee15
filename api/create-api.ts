import type { Server as TlsServer } from 'node:tls';
import fastify, { type FastifyInstance } from 'fastify';
import { CabinwatchError, type Clock, type Logger, systemClock } from '../core/index.ts';
import { createEntrance, type Entrance } from './auth/entrance.ts';
import { isLoopback } from './auth/origin.ts';
import type { ApiOptions } from './options.ts';
import type { ServicePorts } from './ports.ts';
import { registerGround } from './register-ground.ts';
import { registerRoutes } from './register-routes.ts';
import type { MediaAddress } from './routes/live.ts';
import { followTls, readTls, type TlsPair } from './tls.ts';
import type { Wall } from './wall.ts';

export interface ApiDeps extends ServicePorts {
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

/**
 * Starts the HTTP API and the watch page.
 * @throws CabinwatchError CONFIG_INVALID for an address that would be open to others, ADDRESS_IN_USE
 */
export async function createApi(options: ApiOptions, deps: ApiDeps): Promise<Api> {
  const { logger, clock = systemClock } = deps;
  checkEntry(options, deps);
  const tls = options.tls && (await readTls(options.tls));
  const entrance = await createEntrance(options, { ...deps, clock });
  const server = await createServer(options, { ...deps, clock }, entrance, tls);
  let unfollow = (): void => {};
  const close = async (): Promise<void> => {
    unfollow();
    await server.close();
    await entrance.close();
  };
  try {
    const url = await server.listen({ host: options.host, port: options.port });
    if (options.tls) unfollow = followTls(server.server as unknown as TlsServer, options.tls, logger);
    warnOfPlain(options, logger);
    return { url, close };
  } catch (cause) {
    await close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new CabinwatchError(
      'ADDRESS_IN_USE',
      `Port ${options.port} on ${options.host} is taken by another program. Stop it or set api.port; 0 takes a free one.`,
      { cause },
    );
  }
}

/** The server with all its routes, not listening yet. */
export async function createServer(
  options: ApiOptions,
  deps: ApiDeps & { readonly clock: Clock },
  entrance: Entrance,
  tls?: TlsPair,
): Promise<FastifyInstance> {
  const server = fastify({
    ...(tls && { https: tls }),
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 200 },
  }) as unknown as FastifyInstance;
  await registerGround(server, { entrance, logger: deps.logger, tls: tls !== undefined });
  await registerRoutes(server, options, deps, entrance);
  return server;
}

/** Nothing is open by default: either people sign in, or it is this machine alone, by its owner's word. */
function checkEntry({ open, host }: ApiOptions, { accounts }: ApiDeps): void {
  if (open === 'this-machine' && !isLoopback(host)) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `api.host is ${host}, but api.open lets everyone in without signing in, so anyone there could watch. ` +
        'Set api.open to nobody, or use 127.0.0.1 and reach it through an SSH tunnel (ssh -L 8080:127.0.0.1:8080 HOST).',
    );
  }
  if (open === 'nobody' && !accounts) {
    throw new CabinwatchError(
      'CONFIG_INVALID',
      'api.open is nobody, so people must sign in, but there is no place for accounts. Set up storage, or set api.open ' +
        'to this-machine for a demonstration on 127.0.0.1.',
    );
  }
}

function warnOfPlain({ host, tls, publicUrl }: ApiOptions, logger: Logger): void {
  if (tls || isLoopback(host) || publicUrl?.startsWith('https:')) return;
  logger.warn(
    { host },
    'passwords and pictures go unencrypted to other machines; set api.tls or a proxy with TLS',
  );
}
