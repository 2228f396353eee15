import { createHash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { CabinwatchError } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import type { Identity } from '../auth/access.ts';
import { InputProblems, PreconditionError } from '../errors.ts';
import { conceal, hiddenPaths, reveal } from '../lift-secrets.ts';
import type { LiftAdmin, LiftEntry, LiftSettings } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { Id, LiftParams, Nothing, nullable, ref } from '../schemas/common.ts';
import { inGroups, noLift, type Sight } from '../sight.ts';

export interface LiftRouteDeps {
  readonly lifts: LiftAdmin;
  readonly sight: Sight;
  readonly record: Recorder;
}

const tags = ['lifts'];
const reading = { role: 'viewer', scope: 'lifts:read' } as const;
const readingSettings = { role: 'engineer', scope: 'lifts:read' } as const;
const writing = { role: 'engineer', scope: 'lifts:write' } as const;

const LiftView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  group: nullable(Type.String()),
  changedAt: Type.Integer(),
});

const Settings = Type.Unsafe<LiftSettings>(
  Type.Object(
    { id: Id, group: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })) },
    {
      description: 'One entry of the configuration file’s `lifts`: docs/4-reference/config.md has the keys.',
    },
  ),
);
const SettingsView = Type.Object({
  ...LiftView.properties,
  settings: Type.Unsafe<LiftSettings>({
    type: 'object',
    additionalProperties: true,
    description: 'Passwords and publish keys are shown as ***; sent back so, they stay what they are.',
  }),
});

const IfMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'The `ETag` that the change is made to, or * for whatever is there.',
    }),
  ),
});

const Unmatched = {
  412: Type.Unsafe<never>({ ...ref('Error'), description: 'Changed since: fetch it and change it again.' }),
  428: Type.Unsafe<never>({ ...ref('Error'), description: '`If-Match` is missing.' }),
};

/** The lifts and their cameras: created, changed and removed while the service runs. */
export function liftRoutes({ lifts, sight, record }: LiftRouteDeps): FastifyPluginAsyncTypebox {
  const get = (identity: Identity, id: string): LiftEntry => {
    sight.need(identity, id);
    const lift = lifts.get(id);
    if (!lift) throw new CabinwatchError('INPUT_NOT_FOUND', noLift(id));
    return lift;
  };
  const inTurn = createTurns();

  return async (api) => {
    const list = { summary: 'All lifts', tags, response: { 200: Type.Array(LiftView) } };
    api.get('/api/lifts', about(reading, list), async (request) => {
      const identity = whoAsks(request);
      return lifts
        .list()
        .filter(({ id }) => sight.sees(identity, id))
        .map(liftView);
    });

    const one = {
      summary: 'One lift with its settings',
      description: 'The `ETag` is what a later change has to name.',
      tags,
      params: LiftParams,
      response: { 200: SettingsView },
    };
    api.get(
      '/api/lifts/:liftId',
      about(readingSettings, one, ['INPUT_NOT_FOUND']),
      async (request, reply) => {
        const lift = get(whoAsks(request), request.params.liftId);
        reply.header('etag', tagOf(lift)).header('cache-control', 'no-cache');
        return settingsView(lift);
      },
    );

    const create = {
      summary: 'A new lift',
      description: 'It is watched from now on, without a restart.',
      tags,
      body: Settings,
      response: { 201: SettingsView },
    };
    api.post('/api/lifts', about(writing, create, ['CONFLICT']), async (request, reply) => {
      const identity = whoAsks(request);
      const settings = request.body;
      return inTurn(settings.id, async () => {
        mayHold(identity, settings);
        if (lifts.get(settings.id)) {
          throw new CabinwatchError('CONFLICT', `There is a lift "${settings.id}" already: change that one.`);
        }
        check(lifts, settings);
        await record(identity.actor, 'lift.created', `lift/${settings.id}`, { settings: conceal(settings) });
        const lift = await lifts.put(settings);
        return reply.code(201).header('etag', tagOf(lift)).send(settingsView(lift));
      });
    });

    const change = {
      summary: 'Change a lift',
      description:
        'The whole of its settings, to the version that `If-Match` names: 428 without one, 412 if somebody else has ' +
        'changed it since.',
      tags,
      params: LiftParams,
      headers: IfMatch,
      body: Settings,
      response: { 200: SettingsView, ...Unmatched },
    };
    api.put(
      '/api/lifts/:liftId',
      about(writing, change, ['INPUT_NOT_FOUND', 'CONFLICT']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const { liftId } = request.params;
        return inTurn(liftId, async () => {
          const before = get(identity, liftId);
          needMatch(request.headers['if-match'], before);
          if (request.body.id !== liftId) {
            throw new CabinwatchError('CONFLICT', 'A lift keeps its id: create a new one and remove this.');
          }
          const settings = reveal(request.body, before.settings);
          mayHold(identity, settings);
          check(lifts, settings);
          const data = { before: conceal(before.settings), after: conceal(settings) };
          await record(identity.actor, 'lift.changed', `lift/${liftId}`, data);
          const lift = await lifts.put(settings);
          return reply.header('etag', tagOf(lift)).send(settingsView(lift));
        });
      },
    );

    const remove = {
      summary: 'Remove a lift',
      description: 'It is watched no more; what was recorded of it stays.',
      tags,
      params: LiftParams,
      headers: IfMatch,
      response: { 204: Nothing, ...Unmatched },
    };
    api.delete(
      '/api/lifts/:liftId',
      about(writing, remove, ['INPUT_NOT_FOUND', 'CONFLICT']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const { liftId } = request.params;
        return inTurn(liftId, async () => {
          const before = get(identity, liftId);
          needMatch(request.headers['if-match'], before);
          const settings = conceal(before.settings);
          await record(identity.actor, 'lift.removed', `lift/${liftId}`, { settings });
          await lifts.remove(liftId);
          return reply.code(204).send(null);
        });
      },
    );
  };
}

const liftView = ({ id, name, group, changedAt }: LiftEntry): Static<typeof LiftView> => ({
  id,
  name,
  group: group ?? null,
  changedAt,
});

const settingsView = (lift: LiftEntry): Static<typeof SettingsView> => ({
  ...liftView(lift),
  settings: conceal(lift.settings),
});

/** Of what is shown, so that it tells nothing of what is hidden; the time tells apart what only a new password changed. */
function tagOf({ settings, changedAt }: LiftEntry): string {
  const text = JSON.stringify([conceal(settings), changedAt]);
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

function needMatch(given: string | undefined, lift: LiftEntry): void {
  if (given === undefined) {
    throw new PreconditionError(428, 'Send If-Match with the ETag of the version that you change.');
  }
  if (given.trim() === '*' || given.split(',').some((tag) => tag.trim() === tagOf(lift))) return;
  throw new PreconditionError(412, 'Somebody has changed this lift meanwhile: fetch it and change it again.');
}

/** Who is limited to groups must not move a lift out of them, nor make one there. */
function mayHold({ groups }: Identity, { group }: LiftSettings): void {
  if (groups === undefined || inGroups(group as string | undefined, groups)) return;
  throw new CabinwatchError('FORBIDDEN', `The lift must be in one of your groups: ${groups.join(', ')}.`);
}

function check(lifts: LiftAdmin, settings: LiftSettings): void {
  const hidden = hiddenPaths(settings).map((path) => ({
    path,
    message:
      'expected the secret itself, found ***, which stands for one only where nothing around it has changed',
  }));
  const problems = [...hidden, ...lifts.check(settings)];
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
  const lines = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  throw new InputProblems(`The settings have ${count}: ${lines.join('; ')}`, problems);
}

/** Changes to one lift, one after the other: between the look at its version and the change nobody else comes in. */
function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
    const done = mine
      .catch(() => {})
      .then(() => {
        if (last.get(key) === done) last.delete(key);
      });
    last.set(key, done);
    return mine;
  };
}
