import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Wall } from '../wall.ts';
import { CameraView, ErrorView, LiveView } from '../wire.ts';

const CameraParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });

export function cameraRoutes(wall: Wall): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get('/api/cameras', { schema: { response: { 200: Type.Array(CameraView) } } }, async () => [
      ...wall.cameras(),
    ]);

    api.get(
      '/api/cameras/:id/snapshot.jpg',
      { schema: { params: CameraParams } },
      async ({ params }, reply) => {
        const { jpeg, takenAt } = await wall.snapshot(params.id);
        reply.header('cache-control', 'no-store').header('last-modified', new Date(takenAt).toUTCString());
        return reply.type('image/jpeg').send(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength));
      },
    );

    api.post(
      '/api/cameras/:id/play-token',
      { schema: { params: CameraParams, response: { 200: LiveView, '4xx': ErrorView } } },
      async ({ params }, reply) => {
        reply.header('cache-control', 'no-store');
        return wall.live(params.id);
      },
    );
  };
}
