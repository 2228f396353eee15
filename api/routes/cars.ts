import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError, type Clock, type TimelineStore } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Cars } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { CarStateRef, TimelineEntryRef } from '../schemas/car.ts';
import { LiftParams, limit, Time } from '../schemas/common.ts';
import { noLift, type Sight } from '../sight.ts';

const tags = ['lifts'];
const access = { role: 'viewer', scope: 'lifts:read' } as const;
const DAY_MS = 86_400_000;

/** What a lift's controller says now. */
export function carRoutes(cars: Cars, sight: Sight): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = {
      summary: 'A lift’s car state, each field with its age',
      tags,
      params: LiftParams,
      response: { 200: CarStateRef },
    };
    api.get(
      '/api/lifts/:liftId/state',
      about(access, schema, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const { liftId } = request.params;
        sight.need(whoAsks(request), liftId);
        const state = cars.state(liftId);
        if (!state) throw new CabinwatchError('INPUT_NOT_FOUND', noLift(liftId));
        reply.header('cache-control', 'no-store');
        return state;
      },
    );
  };
}

export interface TimelineRouteDeps {
  readonly timelines: Pick<TimelineStore, 'list'>;
  readonly sight: Sight;
  readonly clock: Clock;
}

/** What a lift has done: door cycles, stops, trips, faults. */
export function timelineRoutes({ timelines, sight, clock }: TimelineRouteDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = {
      summary: 'A lift’s timeline',
      description: 'Door cycles, stops, trips, faults, alarm button. The last day if no span is given.',
      tags,
      params: LiftParams,
      querystring: Type.Object({
        from: Type.Optional(Time),
        until: Type.Optional(Time),
        limit: limit(500, 5000),
      }),
      response: { 200: Type.Array(TimelineEntryRef) },
    };
    api.get('/api/lifts/:liftId/timeline', about(access, schema, ['INPUT_NOT_FOUND']), async (request) => {
      const { liftId } = request.params;
      sight.need(whoAsks(request), liftId);
      const { until = clock.now(), limit: most = 500 } = request.query;
      const { from = Math.max(0, until - DAY_MS) } = request.query;
      return timelines.list(liftId, from, until, most);
    });
  };
}
