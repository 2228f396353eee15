import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import { about } from '../about.ts';
import { mayUse } from '../auth/access.ts';
import { isLoopbackAddress } from '../auth/origin.ts';
import type { Metrics } from '../ports.ts';

export interface MetricsRouteOptions {
  readonly openToThisMachine: boolean;
}

const needed = { role: 'engineer', scope: 'metrics:read' } as const;

/** `GET /metrics` in Prometheus' text form. */
export function metricsRoute(metrics: Metrics, options: MetricsRouteOptions): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = {
      summary: 'Metrics in Prometheus’ text form',
      tags: ['service'],
      produces: ['text/plain'],
      response: { 200: Type.String({ description: 'One sample a line.' }) },
    };
    const access = options.openToThisMachine ? 'public' : needed;
    api.get('/metrics', about(access, schema, ['UNAUTHENTICATED']), async (request, reply) => {
      if (access === 'public') checkNear(request);
      return reply.type(metrics.contentType).send(await metrics.metrics());
    });
  };
}

/** What a proxy on this machine hands on comes from here too, so its headers tell it from a program's own request. */
function checkNear({ raw, headers, identity }: FastifyRequest): void {
  if (identity && mayUse(identity, needed)) return;
  const handedOn = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  if (!handedOn && isLoopbackAddress(raw.socket.remoteAddress)) return;
  throw new CabinwatchError(
    'UNAUTHENTICATED',
    'Metrics are for this machine and for keys with metrics:read.',
  );
}
