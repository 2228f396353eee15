import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import { CabinwatchError, type CallLink, type CallRecord, type Clock } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import { type Identity, mayUse } from '../auth/access.ts';
import type { Calls, LiftAdmin, ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { Id, IdParams, LiftParams, Nothing, ref, strict, Time } from '../schemas/common.ts';
import { noLift, type Sight } from '../sight.ts';
import { Reason, reasonMissing } from '../viewing.ts';
import { createFinder } from './incidents.ts';

export interface CallRouteDeps {
  readonly calls: Calls;
  readonly lifts: Pick<LiftAdmin, 'get'>;
  readonly incidents: Pick<NonNullable<ServicePorts['incidents']>, 'incident'>;
  readonly sight: Sight;
  readonly record: Recorder;
  readonly clock: Clock;
}

const tags = ['calls'];
const reading = { role: 'viewer', scope: 'incidents:read' } as const;
/** People only: a machine has nothing to say in a car. */
const calling = { role: 'operator' } as const;
/** Listening to others' calls, and taking them over. */
const supervising = { role: 'admin' } as const;

const LONGEST_LINK_MS = 24 * 3_600_000;

const Party = Type.Object({ id: Type.String(), name: Type.String(), role: Type.String() });
const CallView = Type.Unsafe<CallRecord>(
  Type.Object({
    id: Type.String(),
    liftId: Type.String(),
    incidentId: Type.Optional(Type.String()),
    cabinId: Type.String({
      description: 'The cabin’s screen, or `service:` and the lift where it has only a camera.',
    }),
    by: Party,
    state: Type.String(),
    steps: Type.Array(Type.Object({ state: Type.String(), at: Time })),
    endReason: Type.Optional(Type.String()),
  }),
);
const LinkView = Type.Unsafe<CallLink>(
  Type.Object({
    id: Type.String(),
    liftId: Type.String(),
    name: Type.String(),
    by: ref('Actor'),
    createdAt: Time,
    expiresAt: Time,
    revokedAt: Type.Optional(Time),
  }),
);
const Entry = strict({
  as: Type.Optional(Type.Enum(['operator', 'supervisor'] as const)),
  incidentId: Type.Optional(Id),
  reason: Type.Optional(Reason),
});
const NewLink = strict({
  name: Type.String({ minLength: 1, maxLength: 80, description: 'Who it is for, such as 96333.' }),
  until: Time,
  reason: Type.String({ minLength: 3, maxLength: 500 }),
});

/** Into a lift's call: tokens for people who are signed in, links for those who have no account. */
export function callRoutes(deps: CallRouteDeps): FastifyPluginAsyncTypebox {
  const { calls, lifts, incidents, sight, record, clock } = deps;
  const find = createFinder(incidents, sight);
  const needLift = (identity: Identity, liftId: string): void => {
    if (!lifts.get(liftId)) throw new CabinwatchError('INPUT_NOT_FOUND', noLift(liftId));
    sight.need(identity, liftId);
  };
  const isOpenAt = async (
    identity: Identity,
    incidentId: string | undefined,
    liftId: string,
  ): Promise<boolean> => {
    if (incidentId === undefined) return false;
    const incident = await find(identity, incidentId);
    return incident.liftId === liftId && incident.phase !== 'closed';
  };

  return async (api) => {
    const enter = {
      summary: 'A token for entering the lift’s call, good once within a minute',
      description:
        'To be shown at the WebSocket `/signal`. Without an open incident of the lift a reason is needed. Who entered, and why, ' +
        'is written down. A supervisor may listen to others’ calls and take them over; that needs the role admin.',
      tags,
      params: LiftParams,
      body: Entry,
      response: { 200: Type.Object({ token: Type.String() }) },
    };
    api.post(
      '/api/lifts/:liftId/call-token',
      about(calling, enter, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const { liftId } = request.params;
        const { as: role = 'operator', incidentId, reason } = request.body;
        needLift(identity, liftId);
        if (role === 'supervisor' && !mayUse(identity, supervising))
          throw new CabinwatchError('FORBIDDEN', 'Only an admin may enter as a supervisor.');
        const open = await isOpenAt(identity, incidentId, liftId);
        if (!open && reason === undefined) throw reasonMissing();
        await record(identity.actor, 'call.entered', `lift/${liftId}`, {
          role,
          ...(incidentId !== undefined && { incidentId }),
          ...(reason !== undefined && { reason }),
        });
        const { id, name } = identity.actor;
        reply.header('cache-control', 'no-store');
        return { token: calls.joinToken({ liftId, role, identity: id, name }) };
      },
    );

    const ofIncident = {
      summary: 'The calls of an incident, with every state and its time',
      tags,
      params: IdParams,
      response: { 200: Type.Array(CallView) },
    };
    api.get('/api/incidents/:id/calls', about(reading, ofIncident, ['INPUT_NOT_FOUND']), async (request) => {
      const { id } = await find(whoAsks(request), request.params.id);
      return calls.history.ofIncident(id);
    });

    const create = {
      summary: 'A link by which somebody without an account may call the lift',
      description:
        'For at most 24 hours, and for one person at a time. Its token is shown in this answer and never again; `path` is the page ' +
        'to send, at this service’s address.',
      tags,
      params: LiftParams,
      body: NewLink,
      response: { 201: Type.Object({ link: LinkView, token: Type.String(), path: Type.String() }) },
    };
    api.post(
      '/api/lifts/:liftId/call-links',
      about(calling, create, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const { liftId } = request.params;
        const { name, until: expiresAt, reason } = request.body;
        const now = clock.now();
        needLift(identity, liftId);
        if (expiresAt <= now || expiresAt - now > LONGEST_LINK_MS)
          throw new CabinwatchError('INPUT_INVALID', 'until: expected a time within the next 24 hours.');
        const link = { id: `link:${uuidv7()}`, liftId, name, by: identity.actor, createdAt: now, expiresAt };
        await record(identity.actor, 'call.link-created', `lift/${liftId}`, {
          id: link.id,
          name,
          expiresAt,
          reason,
        });
        const token = await calls.links.create(link);
        reply.header('cache-control', 'no-store');
        const path = `/guest.html#${new URLSearchParams({ lift: liftId, token })}`;
        return reply.code(201).send({ link: { ...link, revokedAt: undefined }, token, path });
      },
    );

    const list = {
      summary: 'The lift’s links that have not run out',
      tags,
      params: LiftParams,
      response: { 200: Type.Array(LinkView) },
    };
    api.get('/api/lifts/:liftId/call-links', about(calling, list, ['INPUT_NOT_FOUND']), async (request) => {
      needLift(whoAsks(request), request.params.liftId);
      return calls.links.ofLift(request.params.liftId);
    });

    const revoke = {
      summary: 'Revoke a link; whoever came by it is out at once',
      tags,
      params: IdParams,
      response: { 204: Nothing },
    };
    api.delete('/api/call-links/:id', about(calling, revoke, ['INPUT_NOT_FOUND']), async (request, reply) => {
      const identity = whoAsks(request);
      const { id } = request.params;
      const link = await calls.links.link(id);
      if (!link || !sight.sees(identity, link.liftId))
        throw new CabinwatchError('INPUT_NOT_FOUND', `There is no link "${id}".`);
      await record(identity.actor, 'call.link-revoked', `lift/${link.liftId}`, { id });
      await calls.links.revoke(link);
      return reply.code(204).send(null);
    });
  };
}
