import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import { about } from '../about.ts';
import { parseRange } from '../byte-range.ts';
import type { ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { IdParams } from '../schemas/common.ts';
import type { Sight } from '../sight.ts';
import { createFinder } from './incidents.ts';

export interface MediaRouteDeps {
  readonly mediaFiles: NonNullable<ServicePorts['mediaFiles']>;
  readonly incidents: Pick<NonNullable<ServicePorts['incidents']>, 'incident'>;
  readonly sight: Sight;
}

const tags = ['media'];
const access = { role: 'viewer', scope: 'media:read' } as const;

const ItemView = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['snapshot', 'clip', 'recording']),
  takenAt: Type.Integer(),
  mime: Type.String(),
  bytes: Type.Integer(),
});

/** Files of another kind are handed out as bytes, so that no browser takes one for a page of ours. */
const SHOWN = new Set(['image/jpeg', 'video/mp4', 'audio/mp4']);

/** Pictures, clips and recordings that belong to incidents. */
export function mediaRoutes({ mediaFiles, incidents, sight }: MediaRouteDeps): FastifyPluginAsyncTypebox {
  const findIncident = createFinder(incidents, sight);
  return async (api) => {
    const list = {
      summary: 'Snapshots, clips and recordings of an incident',
      tags,
      params: IdParams,
      response: { 200: Type.Array(ItemView) },
    };
    api.get('/api/incidents/:id/media', about(access, list, ['INPUT_NOT_FOUND']), async (request) => {
      const { id } = await findIncident(whoAsks(request), request.params.id);
      return mediaFiles.list(id);
    });

    const file = {
      summary: 'One of these files, or a range of its bytes',
      description: 'Recordings of calls are opened with a reason: see `/api/recordings`.',
      tags,
      params: IdParams,
      headers: Type.Object({ range: Type.Optional(Type.String({ maxLength: 100 })) }),
      produces: [...SHOWN, 'application/octet-stream'],
      response: {
        200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'The whole file.' }),
        206: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'The range asked for.' }),
        416: Type.Null({ description: 'There is no such range; `Content-Range` says how long the file is.' }),
      },
    };
    api.get('/api/media/:id', about(access, file, ['MEDIA_UNAVAILABLE']), async (request, reply) => {
      const item = await mediaFiles.item(request.params.id);
      if (!item || !sight.sees(whoAsks(request), item.liftId)) {
        throw new CabinwatchError('MEDIA_UNAVAILABLE', 'There is no such file, or its time is over.');
      }
      if (item.kind === 'recording')
        throw new CabinwatchError(
          'FORBIDDEN',
          `A recorded call is opened with a reason: POST /api/recordings/${item.id}/open.`,
        );
      const bytes = await mediaFiles.read(item.id);
      reply
        .type(SHOWN.has(item.mime) ? item.mime : 'application/octet-stream')
        .header('accept-ranges', 'bytes')
        .header('cache-control', 'private, max-age=3600, immutable')
        .header('last-modified', new Date(item.takenAt).toUTCString());
      const range = parseRange(request.headers.range, bytes.byteLength);
      if (range === 'none') return reply.send(bufferOf(bytes));
      if (range === 'impossible') {
        return reply.code(416).header('content-range', `bytes */${bytes.byteLength}`).send(null);
      }
      const { first, last } = range;
      reply.code(206).header('content-range', `bytes ${first}-${last}/${bytes.byteLength}`);
      return reply.send(bufferOf(bytes.subarray(first, last + 1)));
    });
  };
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
