import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Identity } from '../auth/access.ts';
import { whoAsks } from '../request.ts';
import { IdParams, ref } from '../schemas/common.ts';
import type { Sight } from '../sight.ts';
import type { Wall } from '../wall.ts';
import { type CameraView, LiveView } from '../wire.ts';

const tags = ['cameras'];
const reading = { role: 'viewer', scope: 'lifts:read' } as const;
const watching = { role: 'viewer', scope: 'media:read' } as const;

export function cameraRoutes(wall: Wall, sight: Sight): FastifyPluginAsyncTypebox {
  /** Unknown cameras pass, for the wall to say so in its own words. */
  const need = (identity: Identity, id: string): void => {
    const camera = wall.cameras().find((c) => c.id === id);
    if (camera && !sight.sees(identity, camera.liftId)) {
      throw new CabinwatchError('INPUT_NOT_FOUND', `There is no camera "${id}".`);
    }
  };
  return async (api) => {
    const list = {
      summary: 'Every camera’s health, last scene, people inside, what is going on',
      tags,
      response: { 200: Type.Array(ref<CameraView>('Camera')) },
    };
    api.get('/api/cameras', about(reading, list), async (request) => {
      const identity = whoAsks(request);
      return wall.cameras().filter(({ liftId }) => sight.sees(identity, liftId));
    });

    const snapshot = {
      summary: 'The latest picture; `Last-Modified` says when it came',
      tags,
      params: IdParams,
      produces: ['image/jpeg'],
      response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'JPEG' }) },
    };
    api.get(
      '/api/cameras/:id/snapshot.jpg',
      about(watching, snapshot, ['INPUT_NOT_FOUND', 'MEDIA_UNAVAILABLE']),
      async (request, reply) => {
        need(whoAsks(request), request.params.id);
        const { jpeg, takenAt } = await wall.snapshot(request.params.id);
        reply.header('cache-control', 'no-store').header('last-modified', new Date(takenAt).toUTCString());
        return reply.type('image/jpeg').send(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
      },
    );

    const token = {
      summary: 'Short-lived addresses of the live picture',
      tags,
      params: IdParams,
      response: { 200: LiveView },
    };
    api.post(
      '/api/cameras/:id/play-token',
      about(watching, token, ['INPUT_NOT_FOUND', 'MEDIA_UNAVAILABLE']),
      async (request, reply) => {
        need(whoAsks(request), request.params.id);
        reply.header('cache-control', 'no-store');
        return wall.live(request.params.id);
      },
    );
  };
}
