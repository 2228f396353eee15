import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  type Actor,
  type CabinStatus,
  type CabinTerminal,
  CabinwatchError,
  DOOR_STATES,
} from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import { formatEvent, type OpenStream, openStreams, sendEvents, within } from '../event-stream.ts';
import type { Cabins, LiftAdmin } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { LiftParams, Nothing, nullable, strict, Time } from '../schemas/common.ts';
import { noLift, type Sight } from '../sight.ts';

const tags = ['cabins'];
const HEARTBEAT_MS = 5000;
/** A browser that reads nothing for so long is let go. */
const SLOW_READER_MS = 30_000;
const BY_SECRET =
  'For the lift’s paired screen alone, by its secret as a bearer token; people and keys have no use for it.';

const Status = Type.Unsafe<CabinStatus>(
  Type.Object({
    liftId: Type.String(),
    at: Time,
    door: Type.Optional(Type.Union(DOOR_STATES.map((state) => Type.Literal(state)))),
    alarm: Type.Optional(
      Type.Object({
        incidentId: Type.String(),
        phase: Type.String(),
        receivedAt: Time,
        pressed: Type.Boolean({ description: 'Somebody in the car has asked for help.' }),
        seenAt: Type.Optional(Time),
        relievedAt: Type.Optional(Time),
        help: Type.Optional(Type.Object({ saidAt: Time, arrivesAt: Type.Optional(Time) })),
      }),
    ),
  }),
);
const Terminal = Type.Object({
  id: Type.String(),
  liftId: Type.String(),
  pairedAt: Time,
  pairedBy: Type.String(),
});

export interface CabinRouteDeps {
  readonly cabins: Cabins;
  readonly record: Recorder;
}

/** What the screen in a cabin asks for. */
export function cabinRoutes({ cabins, record }: CabinRouteDeps): FastifyPluginAsyncTypebox {
  const { terminals, board } = cabins;
  const admit = async (request: FastifyRequest, liftId: string): Promise<CabinTerminal> => {
    const [scheme = '', secret = ''] = request.headers.authorization?.split(' ', 2) ?? [];
    const terminal = scheme.toLowerCase() === 'bearer' && (await terminals.admit(liftId, secret));
    if (terminal) return terminal;
    throw new CabinwatchError('TOKEN_INVALID', 'This screen is not, or no longer, paired with the lift.');
  };
  return async (api) => {
    const openStream = openStreams(api, SLOW_READER_MS);

    const pair = {
      summary: 'Pair a screen with its lift',
      description:
        'By a code that an engineer was given; good once. The secret is shown in this answer and never again.',
      tags,
      params: LiftParams,
      body: strict({ code: Type.String({ minLength: 1, maxLength: 20 }) }),
      response: { 201: Type.Object({ terminalId: Type.String(), secret: Type.String() }) },
    };
    api.post(
      '/api/cabins/:liftId/pairing',
      about('public', pair, ['TOKEN_INVALID', 'TOO_MANY']),
      async (request, reply) => {
        const { liftId } = request.params;
        const { terminal, secret } = await terminals.pair(liftId, request.body.code);
        await record(terminal.pairedBy, 'cabin.paired', `lift/${liftId}`, { terminalId: terminal.id });
        return reply.code(201).header('cache-control', 'no-store').send({ terminalId: terminal.id, secret });
      },
    );

    const events = {
      summary: 'What a cabin’s screen shows, as it changes (server-sent events)',
      description: `\`status\` at once and with every change; a comment when it is quiet. Ends when the screen is revoked. ${BY_SECRET}`,
      tags,
      params: LiftParams,
      produces: ['text/event-stream'],
      response: { 200: Type.String({ description: '`CabinStatus` objects as `data`.' }) },
    };
    api.get(
      '/api/cabins/:liftId/events',
      { ...about('public', events, ['TOKEN_INVALID']), exposeHeadRoute: false },
      async (request, reply) => {
        const { liftId } = request.params;
        const terminal = await admit(request, liftId);
        const reader = openStream(reply);
        const holds = async (): Promise<boolean> => (await terminals.terminal(liftId))?.id === terminal.id;
        return sendEvents(reply, statuses(liftId, { board, reader, holds }));
      },
    );

    const alarm = {
      summary: 'Raise an alarm from the cabin',
      description:
        'Somebody has pressed the help button on the screen. The answer says whether an alarm stands: none does while the door ' +
        `is open or the car runs, as EN 81-28 has it; the press is remembered for when the car stands. ${BY_SECRET}`,
      tags,
      params: LiftParams,
      response: { 200: Status },
    };
    api.post(
      '/api/cabins/:liftId/alarm',
      about('public', alarm, ['TOKEN_INVALID']),
      async (request, reply) => {
        const { liftId } = request.params;
        const terminal = await admit(request, liftId);
        const known = board.status(liftId).alarm?.pressed ?? false;
        // Not behind the record: an alarm waits for nothing.
        await cabins.raiseAlarm(liftId);
        if (!known) await record(actorOf(terminal), 'cabin.help-pressed', `lift/${liftId}`, {});
        reply.header('cache-control', 'no-store');
        return board.status(liftId);
      },
    );

    const token = {
      summary: 'A token with which the screen enters its lift’s room',
      description: BY_SECRET,
      tags,
      params: LiftParams,
      response: { 200: Type.Object({ token: Type.String() }) },
    };
    api.post(
      '/api/cabins/:liftId/token',
      about('public', token, ['TOKEN_INVALID']),
      async (request, reply) => {
        const terminal = await admit(request, request.params.liftId);
        reply.header('cache-control', 'no-store');
        return { token: cabins.joinToken(terminal) };
      },
    );
  };
}

const actorOf = ({ id }: CabinTerminal): Actor => ({ kind: 'service', id, name: 'cabin screen' });

interface StatusStream {
  readonly board: Cabins['board'];
  readonly reader: OpenStream;
  /** Whether the screen is still the lift's. */
  readonly holds: () => Promise<boolean>;
}

/** The newest status is all that counts: a slow line gets fewer of them. */
async function* statuses(liftId: string, stream: StatusStream): AsyncGenerator<string> {
  const { board, reader, holds } = stream;
  const { signal } = reader;
  let wake = (): void => {};
  let changed = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const unsubscribe = board.subscribe(liftId, () => wake());
  signal.addEventListener('abort', () => wake());
  try {
    yield formatEvent('status', board.status(liftId));
    while (!signal.aborted) {
      reader.read();
      const late = (await within(changed, HEARTBEAT_MS)) === 'late';
      if (signal.aborted || !(await holds().catch(() => true))) return;
      reader.read();
      if (late) {
        yield ': alive\n\n';
        continue;
      }
      changed = new Promise<void>((resolve) => {
        wake = resolve;
      });
      yield formatEvent('status', board.status(liftId));
    }
  } finally {
    unsubscribe();
  }
}

export interface TerminalRouteDeps extends CabinRouteDeps {
  readonly lifts: Pick<LiftAdmin, 'get'> | undefined;
  readonly sight: Sight;
}

/** Which screen is let in to a lift's cabin: for engineers. */
export function terminalRoutes({
  cabins,
  record,
  lifts,
  sight,
}: TerminalRouteDeps): FastifyPluginAsyncTypebox {
  const { terminals } = cabins;
  const access = { role: 'engineer', scope: 'lifts:write' } as const;
  const need = (request: FastifyRequest, liftId: string): Actor => {
    const identity = whoAsks(request);
    sight.need(identity, liftId);
    if (lifts && !lifts.get(liftId)) throw new CabinwatchError('INPUT_NOT_FOUND', noLift(liftId));
    return identity.actor;
  };
  return async (api) => {
    const show = {
      summary: 'The screen that is paired with a lift',
      tags,
      params: LiftParams,
      response: { 200: Type.Object({ terminal: nullable(Terminal) }) },
    };
    api.get('/api/lifts/:liftId/terminal', about(access, show, ['INPUT_NOT_FOUND']), async (request) => {
      const { liftId } = request.params;
      need(request, liftId);
      const found = await terminals.terminal(liftId);
      return { terminal: found ? { ...found, pairedBy: found.pairedBy.name } : null };
    });

    const invite = {
      summary: 'A code for pairing a screen with a lift',
      description:
        'Good once, for 15 minutes, and shown in this answer only. Type it on the screen, or open `path` there. The screen that ' +
        'was paired before is revoked when the new one comes.',
      tags,
      params: LiftParams,
      response: { 201: Type.Object({ code: Type.String(), path: Type.String(), expiresAt: Time }) },
    };
    api.post(
      '/api/lifts/:liftId/terminal/invitations',
      about(access, invite, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const { liftId } = request.params;
        const actor = need(request, liftId);
        await record(actor, 'cabin.invited', `lift/${liftId}`, {});
        const { code, expiresAt } = terminals.invite(liftId, actor);
        return reply
          .code(201)
          .header('cache-control', 'no-store')
          .send({ code, path: `/cabin/${liftId}#code=${code}`, expiresAt });
      },
    );

    const revoke = {
      summary: 'Revoke a lift’s screen',
      description: 'It is refused from now on, and shows that it must be paired.',
      tags,
      params: LiftParams,
      response: { 204: Nothing },
    };
    api.delete(
      '/api/lifts/:liftId/terminal',
      about(access, revoke, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const { liftId } = request.params;
        const actor = need(request, liftId);
        await record(actor, 'cabin.revoked', `lift/${liftId}`, {});
        await terminals.revoke(liftId);
        return reply.code(204).send(null);
      },
    );
  };
}

/** The page itself: the same for every lift, and it holds no data. */
export function cabinPage(pageDir: string): FastifyPluginAsyncTypebox {
  return async (api) => {
    const config = { access: 'public' } as const;
    const schema = { hide: true, params: LiftParams };
    api.get('/cabin/:liftId', { config, schema }, async (_request, reply) => {
      const html = await readFile(join(pageDir, 'cabin-page', 'index.html'));
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html);
    });
  };
}
