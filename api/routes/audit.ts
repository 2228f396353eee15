import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Actor, AuditLog } from '../../core/index.ts';
import { about } from '../about.ts';
import { limit, ref } from '../schemas/common.ts';

const tags = ['audit'];
const access = { role: 'admin', scope: 'audit:read', everyLift: true } as const;

const Entry = Type.Object({
  seq: Type.Integer({ description: '1, 2, 3 … without a gap.' }),
  at: Type.Integer(),
  actor: ref<Actor>('Actor'),
  action: Type.String(),
  subject: Type.String(),
  data: Type.Unknown(),
  previous: Type.String(),
  hash: Type.String({ description: 'SHA-256 over the entry’s canonical JSON and `previous`.' }),
});

/** The hash-chained log of who did what. */
export function auditRoutes(log: Pick<AuditLog, 'head' | 'entries'>): FastifyPluginAsyncTypebox {
  return async (api) => {
    const entries = {
      summary: 'Entries after a given one, oldest first',
      tags,
      querystring: Type.Object({
        after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
        limit: limit(100, 1000),
      }),
      response: { 200: Type.Array(Entry) },
    };
    api.get('/api/audit', about(access, entries), ({ query }) =>
      log.entries(query.after ?? 0, query.limit ?? 100),
    );

    const head = {
      summary: 'The last entry’s number and hash, to be kept elsewhere',
      tags,
      response: { 200: Type.Object({ seq: Type.Integer(), hash: Type.String() }) },
    };
    api.get('/api/audit/head', about(access, head), () => log.head());
  };
}
