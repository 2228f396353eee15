import helmet from '@fastify/helmet';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { CabinwatchError, type Logger } from '../core/index.ts';
import { type Access, mayUse } from './auth/access.ts';
import type { Entrance } from './auth/entrance.ts';
import { isOurs } from './auth/origin.ts';
import { sendError } from './errors.ts';
import { registerOpenapi } from './openapi.ts';
import { checkPlain } from './plain-input.ts';
import { whoAsks } from './request.ts';

export interface GroundDeps {
  readonly entrance: Entrance;
  readonly logger: Logger;
  readonly tls: boolean;
}

/** What holds for every route: who may, what is taken for input, how errors look, and the headers that protect a page. */
export async function registerGround(server: FastifyInstance, deps: GroundDeps): Promise<void> {
  const { entrance, logger, tls } = deps;
  server.setValidatorCompiler(TypeBoxValidatorCompiler as never);
  // Fastify takes plain text as well, and a page of another site may send that without asking first.
  server.removeContentTypeParser('text/plain');
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY },
    strictTransportSecurity: tls,
  });
  server.decorateRequest('identity', undefined);
  needAccess(server);
  server.addHook('onRequest', (request) => admit(request, entrance));
  server.addHook('preValidation', async ({ params, query, body }) => {
    checkPlain(params, 'path');
    checkPlain(query, 'query');
    checkPlain(body, 'body');
  });
  server.setErrorHandler((error, _request, reply) => sendError(error, reply, logger));
  server.setNotFoundHandler(({ method, url }, reply) => {
    const error = new CabinwatchError('INPUT_NOT_FOUND', `There is no ${method} ${url.split('?')[0]} here.`);
    sendError(error, reply, logger);
  });
  await registerOpenapi(server);
}

/** Deny by default: whoever adds a route has to say who may use it, or nothing starts. */
function needAccess(server: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => void routes.push(route));
  server.addHook('onReady', async () => {
    for (const { method, url, config } of routes) {
      if (config?.access !== undefined) continue;
      throw new Error(`${method} ${url} does not say who may use it: give it an access (api/about.ts).`);
    }
  });
}

/** Before anything of a body is read. */
async function admit(request: FastifyRequest, { authenticator, origin }: Entrance): Promise<void> {
  if (!isOurs(request.headers, origin)) {
    throw new CabinwatchError(
      'FORBIDDEN',
      origin.thisMachineOnly
        ? 'This service answers only pages and programs on its own machine.'
        : 'This service answers only its own pages. Behind a proxy, set api.publicUrl to the address that browsers use.',
    );
  }
  const access: Access = request.routeOptions.config.access ?? 'public';
  const shown = request.headers.authorization !== undefined || request.headers.cookie !== undefined;
  // A public page must come even while the accounts cannot be read.
  if (access === 'public' && !(origin.thisMachineOnly || shown)) return;
  const identifying = authenticator.identify(request.headers);
  request.identity = await (access === 'public' ? identifying.catch(() => undefined) : identifying);
  if (access !== 'public') checkAccess(request, access);
}

function checkAccess(request: FastifyRequest, access: Access): void {
  if (mayUse(whoAsks(request), access)) return;
  throw new CabinwatchError('FORBIDDEN', 'Your role, or this key, does not allow it; ask an admin.');
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
