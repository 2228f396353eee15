import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import {
  type Actor,
  CabinwatchError,
  type Clock,
  type MaintenanceStore,
  type MaintenanceWindow,
} from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import { whoAsks } from '../request.ts';
import { Id, IdParams, Nothing, ref, strict, Time } from '../schemas/common.ts';
import type { Sight } from '../sight.ts';

export interface MaintenanceRouteDeps {
  readonly maintenance: MaintenanceStore;
  readonly sight: Sight;
  readonly record: Recorder;
  readonly clock: Clock;
}

const tags = ['maintenance'];
const reading = { role: 'viewer', scope: 'lifts:read' } as const;
const writing = { role: 'engineer', scope: 'lifts:write' } as const;

/** Longer ones are mistakes, and would silence a lift that is back in use. */
const LONGEST_MS = 14 * 86_400_000;

const WindowView = Type.Object({
  id: Type.String(),
  liftId: Type.String(),
  from: Type.Integer(),
  until: Type.Integer(),
  by: ref<Actor>('Actor'),
  reason: Type.String(),
});
const NewWindow = strict({
  liftId: Id,
  from: Type.Optional(Time),
  until: Time,
  reason: Type.String({ minLength: 1, maxLength: 500 }),
});

/** Spans in which a lift is worked on: its incidents are recorded, but raise no alarm. */
export function maintenanceRoutes(deps: MaintenanceRouteDeps): FastifyPluginAsyncTypebox {
  const { maintenance, sight, record, clock } = deps;
  return async (api) => {
    const list = {
      summary: 'Maintenance windows, current and to come',
      tags,
      response: { 200: Type.Array(WindowView) },
    };
    api.get('/api/maintenance', about(reading, list), async (request) => {
      const identity = whoAsks(request);
      const windows = await maintenance.windows(clock.now());
      return windows.filter(({ liftId }) => sight.sees(identity, liftId));
    });

    const start = {
      summary: 'A new maintenance window',
      description: 'It always has an end, at most 14 days off. It begins now if `from` is left out.',
      tags,
      body: NewWindow,
      response: { 201: WindowView },
    };
    api.post('/api/maintenance', about(writing, start, ['INPUT_NOT_FOUND']), async (request, reply) => {
      const { actor } = whoAsks(request);
      sight.need(whoAsks(request), request.body.liftId);
      const window = newWindow(request.body, actor, clock.now());
      await record(actor, 'maintenance.created', `lift/${window.liftId}`, { ...window, by: actor.id });
      await maintenance.put(window);
      return reply.code(201).send(window);
    });

    const end = {
      summary: 'End a maintenance window now',
      tags,
      params: IdParams,
      response: { 204: Nothing },
    };
    api.delete('/api/maintenance/:id', about(writing, end, ['INPUT_NOT_FOUND']), async (request, reply) => {
      const { id } = request.params;
      const identity = whoAsks(request);
      const now = clock.now();
      const window = (await maintenance.windows(now)).find((w) => w.id === id);
      if (!window || !sight.sees(identity, window.liftId)) {
        throw new CabinwatchError('INPUT_NOT_FOUND', `There is no maintenance window "${id}" any more.`);
      }
      await record(identity.actor, 'maintenance.ended', `lift/${window.liftId}`, { id });
      await maintenance.end(id, now);
      return reply.code(204).send(null);
    });
  };
}

function newWindow(given: Static<typeof NewWindow>, by: Actor, now: number): MaintenanceWindow {
  const { liftId, until, reason } = given;
  const from = Math.max(given.from ?? now, now);
  if (until <= from || until - from > LONGEST_MS) {
    throw new CabinwatchError(
      'INPUT_INVALID',
      'until: expected a time after the start, at most 14 days later.',
    );
  }
  return { id: uuidv7(), liftId, from, until, by, reason };
}
