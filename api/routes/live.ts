import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import { Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';

export interface MediaAddress {
  readonly host: string;
  readonly port: number;
}

const STREAM = /^\/live\/[\w-]{1,64}\.flv(\?[\w.=&-]*)?$/;

/**
 * `GET /live/ID.flv?token=…` as HTTP and as WebSocket, handed on to the media server, which checks the token. So a
 * page has to reach one address only, and nothing else of the media server can be reached through it.
 */
export function liveRoutes(
  media: MediaAddress,
  admit: (request: IncomingMessage) => boolean,
): FastifyPluginAsync {
  return async (api) => {
    const clients = new Set<Duplex>();
    // Upgraded connections are no longer the HTTP server's to close.
    api.addHook('preClose', async () => {
      for (const client of clients) client.destroy();
    });
    api.get(
      '/live/:stream',
      { schema: { querystring: Type.Object({ token: Type.Optional(Type.String({ maxLength: 200 })) }) } },
      async ({ raw }, reply) => {
        if (!STREAM.test(raw.url ?? ''))
          throw new CabinwatchError('MEDIA_UNAVAILABLE', 'There is no such stream.');
        const answer = await ask(media, raw.url as string);
        reply.raw.once('close', () => answer.destroy());
        const type = answer.headers['content-type'] ?? 'video/x-flv';
        return reply
          .code(answer.statusCode ?? 502)
          .header('cache-control', 'no-store')
          .type(type)
          .send(answer);
      },
    );
    api.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!admit(request) || !STREAM.test(request.url ?? '')) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      clients.add(socket);
      socket.once('close', () => clients.delete(socket));
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
