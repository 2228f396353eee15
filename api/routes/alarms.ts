import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { AlarmMessage, Clock } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import type { ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { limit, nullable, strict } from '../schemas/common.ts';

export interface AlarmRouteDeps {
  readonly outbox: NonNullable<ServicePorts['outbox']>;
  readonly record: Recorder;
  readonly clock: Clock;
}

const tags = ['alarms'];
const access = { role: 'engineer', scope: 'incidents:act', everyLift: true } as const;
const MAX_ID = 2 ** 31 - 1;

const Backlog = Type.Object({
  sink: Type.String(),
  waiting: Type.Integer(),
  oldestAt: nullable(Type.Integer({ description: 'Since when the oldest waits.' })),
  dead: Type.Integer({ description: 'Given up; can be replayed.' }),
});
const DeadLetterView = Type.Object({
  id: Type.Integer(),
  sink: Type.String(),
  liftId: Type.String(),
  attempts: Type.Integer(),
  failedAt: Type.Integer(),
  error: Type.String(),
  message: Type.Unsafe<AlarmMessage>({
    type: 'object',
    additionalProperties: true,
    description: 'The CloudEvents message as it was sent.',
  }),
});

/** What alarm receivers have still to get, and what they would not take. */
export function alarmRoutes({ outbox, record, clock }: AlarmRouteDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    const backlog = { summary: 'What waits, per receiver', tags, response: { 200: Type.Array(Backlog) } };
    api.get('/api/alarms/backlog', about(access, backlog), async () =>
      (await outbox.backlog()).map(({ oldestAt, ...rest }) => ({ ...rest, oldestAt: oldestAt ?? null })),
    );

    const dead = {
      summary: 'Messages that were given up',
      tags,
      querystring: Type.Object({ limit: limit(100, 1000) }),
      response: { 200: Type.Array(DeadLetterView) },
    };
    api.get('/api/alarms/dead-letters', about(access, dead), ({ query }) =>
      outbox.deadLetters(query.limit ?? 100),
    );

    const replay = {
      summary: 'Send given-up messages again',
      tags,
      body: strict({
        ids: Type.Array(Type.Integer({ minimum: 0, maximum: MAX_ID }), { minItems: 1, maxItems: 1000 }),
      }),
      response: { 200: Type.Object({ replayed: Type.Integer() }) },
    };
    api.post('/api/alarms/replay', about(access, replay), async (request) => {
      const { ids } = request.body;
      await record(whoAsks(request).actor, 'alarms.replayed', 'alarms', { ids });
      return { replayed: await outbox.replay(ids, clock.now()) };
    });
  };
}
