import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { about } from '../about.ts';

const tags = ['service'];
const Readiness = Type.Object(
  { ok: Type.Boolean(), parts: Type.Record(Type.String(), Type.Boolean()) },
  { description: 'Which parts work.' },
);

/**
 * `GET /healthz`: the process answers; who restarts it asks this. `GET /readyz`: every part that it cannot do without
 * works; who sends it traffic asks this. Cameras that are away don't count.
 */
export function healthRoutes(checks: () => Readonly<Record<string, boolean>>): FastifyPluginAsyncTypebox {
  return async (api) => {
    const alive = {
      summary: 'Whether the process answers',
      tags,
      response: { 200: Type.Object({ ok: Type.Boolean() }) },
    };
    api.get('/healthz', about('public', alive), async () => ({ ok: true }));

    const ready = {
      summary: 'Whether every part works',
      tags,
      response: { 200: Readiness, 503: Readiness },
    };
    api.get('/readyz', about('public', ready), async (_request, reply) => {
      const parts = { ...checks() };
      const ok = Object.values(parts).every(Boolean);
      return reply.code(ok ? 200 : 503).send({ ok, parts });
    });
  };
}
