import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Access, Identity } from '../auth/access.ts';
import type { RightsWatch } from '../auth/rights-watch.ts';
import { SIGNAL_PATH } from '../ports.ts';
import { whoAsks } from '../request.ts';
import type { Sight } from '../sight.ts';
import type { Wall } from '../wall.ts';

export interface MediaAddress {
  readonly host: string;
  readonly port: number;
}

const STREAM = /^\/live\/([\w-]{1,64})\.flv(?:\?[\w.=&-]*)?$/;

export interface LiveRouteDeps {
  readonly media: MediaAddress;
  readonly wall: Wall;
  readonly sight: Sight;
  readonly rights: RightsWatch;
  /** Who asks for a WebSocket; undefined for somebody who must not. */
  readonly admit: (request: IncomingMessage, access: Access) => Promise<Identity | undefined>;
}

const access = { role: 'viewer', scope: 'media:read' } as const;

/**
 * `GET /live/ID.flv?token=…` as HTTP and as WebSocket, handed on to the media server, which checks the token. So a
 * page has to reach one address only, and nothing else of the media server can be reached through it. Beside the token
 * it takes the right to see the lift, for as long as one watches.
 */
export function liveRoutes({ media, wall, sight, rights, admit }: LiveRouteDeps): FastifyPluginAsyncTypebox {
  const maySee = (identity: Identity, url = ''): boolean => {
    const id = STREAM.exec(url)?.[1];
    const camera = wall.cameras().find((c) => c.id === id);
    return id !== undefined && (camera ? sight.sees(identity, camera.liftId) : identity.groups === undefined);
  };
  return async (api) => {
    const clients = new Set<Duplex>();
    // Upgraded connections are no longer the HTTP server's to close.
    api.addHook('preClose', async () => {
      for (const client of clients) client.destroy();
    });
    const schema = {
      summary: 'The live picture as FLV, over HTTP or WebSocket',
      description: 'The address, token included, comes from `play-token`.',
      tags: ['cameras'],
      params: Type.Object({ stream: Type.String({ maxLength: 100 }) }),
      querystring: Type.Object({ token: Type.Optional(Type.String({ maxLength: 200 })) }),
      produces: ['video/x-flv'],
      response: {
        200: Type.Unsafe<IncomingMessage>({ type: 'string', format: 'binary', description: 'FLV' }),
      },
    };
    api.get(
      '/live/:stream',
      { ...about(access, schema, ['MEDIA_UNAVAILABLE', 'TOKEN_INVALID']), exposeHeadRoute: false },
      async (request, reply) => {
        const { raw } = request;
        const identity = whoAsks(request);
        if (!maySee(identity, raw.url))
          throw new CabinwatchError('MEDIA_UNAVAILABLE', 'There is no such stream.');
        const answer = await ask(media, raw.url as string);
        const unwatch = rights.watch(identity, () => answer.destroy());
        reply.raw.once('close', () => {
          unwatch();
          answer.destroy();
        });
        const type = answer.headers['content-type'] ?? 'video/x-flv';
        reply.raw.statusCode = answer.statusCode ?? 502;
        return reply.header('cache-control', 'no-store').type(type).send(answer);
      },
    );
    api.server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Calls have their own door.
      if (request.url?.split('?')[0] === SIGNAL_PATH) return;
      socket.on('error', () => socket.destroy());
      const identity = await admit(request, access).catch(() => undefined);
      if (!identity || !maySee(identity, request.url)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const unwatch = rights.watch(identity, () => socket.destroy());
      clients.add(socket);
      socket.once('close', () => {
        unwatch();
        clients.delete(socket);
      });
      tunnel(media, request, socket, head);
    });
  };
}

function ask(media: MediaAddress, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest({ ...media, path, agent: false }, resolve);
    asking.once('error', (cause) =>
      reject(new CabinwatchError('MEDIA_UNAVAILABLE', 'The media server does not answer.', { cause })),
    );
    asking.end();
  });
}

/** Repeats the client's own handshake to the media server and joins the two connections. */
function tunnel(media: MediaAddress, request: IncomingMessage, client: Duplex, head: Buffer): void {
  const server = connect(media.port, media.host);
  const { rawHeaders } = request;
  const lines = [`GET ${request.url} HTTP/1.1`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  server.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) server.write(head);
  server.pipe(client).pipe(server);
  // Either end gone: the other has nobody to talk to.
  for (const [one, other] of [[server, client] as const, [client, server] as const]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
