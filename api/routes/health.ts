import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Wall } from '../wall.ts';

const Body = Type.Object({ ok: Type.Boolean(), parts: Type.Record(Type.String(), Type.Boolean()) });

/** `GET /healthz`: 200 while every part of the service works, else 503. Cameras that are away don't count. */
export function healthRoutes(wall: Wall): FastifyPluginAsyncTypebox {
  return async (api) => {
    api.get('/healthz', { schema: { response: { 200: Body, 503: Body } } }, async (_request, reply) => {
      const parts = { ...wall.health() };
      const ok = Object.values(parts).every(Boolean);
      return reply.code(ok ? 200 : 503).send({ ok, parts });
    });
  };
}
