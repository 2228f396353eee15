import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Identity } from '../auth/access.ts';
import { whoAsks } from '../request.ts';
import { IdParams, nullable, ref, strict } from '../schemas/common.ts';
import type { Sight } from '../sight.ts';
import { createViewing, Reason, reasonMissing, type ViewingDeps } from '../viewing.ts';
import type { Wall } from '../wall.ts';
import { type CameraView, LiveView } from '../wire.ts';

export interface CameraRouteDeps extends ViewingDeps {
  readonly wall: Wall;
  readonly sight: Sight;
  /** Outside incidents; see `api.hideFaces`. */
  readonly hideFaces: boolean;
}

const tags = ['cameras'];
const reading = { role: 'viewer', scope: 'lifts:read' } as const;
const watching = { role: 'viewer', scope: 'media:read' } as const;

const why = { reason: Type.Optional(Reason) };

export function cameraRoutes(deps: CameraRouteDeps): FastifyPluginAsyncTypebox {
  const { wall, sight, hideFaces } = deps;
  const viewing = createViewing(deps);
  const need = (identity: Identity, id: string): CameraView => {
    const camera = wall.cameras().find((c) => c.id === id);
    if (camera && sight.sees(identity, camera.liftId)) return camera;
    throw new CabinwatchError('INPUT_NOT_FOUND', `There is no camera "${id}".`);
  };
  /** Where nobody signs in, nobody is asked for a reason. */
  const isExcused = ({ proof }: Identity): boolean => proof.kind === 'open';

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
      description:
        'Without an open incident of the lift faces are hidden, unless a reason is given (always needed where `api.hideFaces` ' +
        'is off). `X-Faces` says `hidden` or `shown`. Who was shown faces is written down.',
      tags,
      params: IdParams,
      querystring: Type.Object(why),
      produces: ['image/jpeg'],
      response: { 200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'JPEG' }) },
    };
    api.get(
      '/api/cameras/:id/snapshot.jpg',
      about(watching, snapshot, ['INPUT_NOT_FOUND', 'MEDIA_UNAVAILABLE']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const { id: cameraId, liftId } = need(identity, request.params.id);
        const grounds = viewing.grounds(liftId, request.query.reason);
        const hidden = !grounds && hideFaces;
        if (!hidden) {
          if (!grounds && !isExcused(identity)) throw reasonMissing();
          await viewing.pictured({ identity, liftId, cameraId, grounds });
        }
        const { jpeg, takenAt } = await wall.snapshot(cameraId, { hideFaces: hidden });
        reply
          .header('cache-control', 'no-store')
          .header('last-modified', new Date(takenAt).toUTCString())
          .header('x-faces', hidden ? 'hidden' : 'shown');
        return reply.type('image/jpeg').send(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
      },
    );

    const token = {
      summary: 'Short-lived addresses of the live picture',
      description:
        'Without an open incident of the lift a reason is needed, except where nobody signs in (`api.open: this-machine`). ' +
        'Who watches, and why, is written down.',
      tags,
      params: IdParams,
      body: nullable(strict(why)),
      response: { 200: LiveView },
    };
    api.post(
      '/api/cameras/:id/play-token',
      about(watching, token, ['INPUT_NOT_FOUND', 'MEDIA_UNAVAILABLE']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const { id: cameraId, liftId } = need(identity, request.params.id);
        const grounds = viewing.grounds(liftId, request.body?.reason);
        if (!grounds && !isExcused(identity)) throw reasonMissing();
        await viewing.watched({ identity, liftId, cameraId, grounds });
        reply.header('cache-control', 'no-store');
        return wall.live(cameraId);
      },
    );
  };
}
