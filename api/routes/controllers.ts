import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError, type Clock } from '../../core/index.ts';
import { about } from '../about.ts';
import type { ControllerIngest, LiftAdmin } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { LiftParams, Nothing } from '../schemas/common.ts';
import { noLift, type Sight } from '../sight.ts';

export interface ControllerRouteDeps {
  readonly controllers: ControllerIngest;
  readonly lifts: Pick<LiftAdmin, 'get'> | undefined;
  readonly sight: Sight;
  readonly clock: Clock;
}

/** Controllers that speak HTTP instead of MQTT. */
export function controllerRoutes(deps: ControllerRouteDeps): FastifyPluginAsyncTypebox {
  const { controllers, lifts, sight, clock } = deps;
  return async (api) => {
    const schema = {
      summary: 'A controller’s message about its lift',
      description: 'In the documented form, or in the vendor’s own where a mapping is configured.',
      tags: ['controllers'],
      params: LiftParams,
      body: Type.Unknown(),
      response: { 204: Nothing },
    };
    const access = { role: 'engineer', scope: 'controllers:write' } as const;
    api.post(
      '/api/controllers/:liftId/messages',
      about(access, schema, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const { liftId } = request.params;
        sight.need(whoAsks(request), liftId);
        if (lifts && !lifts.get(liftId)) throw new CabinwatchError('INPUT_NOT_FOUND', noLift(liftId));
        await controllers.ingest(liftId, request.body, clock.now());
        return reply.code(204).send(null);
      },
    );
  };
}
