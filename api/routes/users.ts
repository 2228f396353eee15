import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import { type AccountStore, CabinwatchError, type Clock, type User } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import type { Passwords } from '../auth/passwords.ts';
import { whoAsks } from '../request.ts';
import { ChangedUser, NewPassword, NewUser, type UserView, userView } from '../schemas/account.ts';
import { IdParams, Nothing, ref, strict } from '../schemas/common.ts';

export interface UserRouteDeps {
  readonly store: AccountStore;
  readonly passwords: Passwords;
  readonly record: Recorder;
  readonly clock: Clock;
}

const tags = ['users'];
const access = { role: 'admin', everyLift: true } as const;
const ViewOfUser = ref<UserView>('User');

/** Who may sign in. */
export function userRoutes({ store, passwords, record, clock }: UserRouteDeps): FastifyPluginAsyncTypebox {
  const get = async (id: string): Promise<User> => {
    const user = await store.userById(id);
    if (!user) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no user "${id}".`);
    return user;
  };
  /** Somebody must be left who can let others in. */
  const keepAnAdmin = async (without: string): Promise<void> => {
    const left = (await store.users()).some((u) => u.role === 'admin' && !u.disabled && u.id !== without);
    if (!left) throw new CabinwatchError('CONFLICT', 'This is the last admin: make another one first.');
  };

  return async (api) => {
    const list = { summary: 'All users', tags, response: { 200: Type.Array(ViewOfUser) } };
    api.get('/api/users', about(access, list), async () => (await store.users()).map(userView));

    const create = { summary: 'A new user', tags, body: NewUser, response: { 201: ViewOfUser } };
    api.post('/api/users', about(access, create, ['CONFLICT', 'TOO_MANY']), async (request, reply) => {
      const { password, groups, ...given } = request.body;
      const user = { ...given, id: uuidv7(), groups: groups ?? undefined, disabled: false };
      const made: User = checked({ ...user, createdAt: clock.now() });
      if ((await store.users()).some(({ login }) => login === made.login)) throw taken(made.login);
      const passwordHash = await passwords.hash(password);
      const { login, role } = made;
      await record(whoAsks(request).actor, 'user.created', `user/${made.id}`, { login, role, groups });
      await store.putUser(made, { passwordHash });
      return reply.code(201).send(userView(made));
    });

    const one = { summary: 'One user', tags, params: IdParams, response: { 200: ViewOfUser } };
    api.get('/api/users/:id', about(access, one, ['INPUT_NOT_FOUND']), async ({ params }) =>
      userView(await get(params.id)),
    );

    const change = {
      summary: 'Change a user',
      description: 'What is left out stays. Holds at once, also for sessions and streams that are open.',
      tags,
      params: IdParams,
      body: ChangedUser,
      response: { 200: ViewOfUser },
    };
    api.patch('/api/users/:id', about(access, change, ['INPUT_NOT_FOUND', 'CONFLICT']), async (request) => {
      const before = await get(request.params.id);
      const { groups = before.groups, ...rest } = request.body;
      const after = checked({ ...before, ...rest, groups: groups ?? undefined });
      if (after.role !== 'admin' || after.disabled) await keepAnAdmin(after.id);
      const { actor } = whoAsks(request);
      await record(actor, 'user.changed', `user/${after.id}`, { changes: request.body });
      await store.putUser(after);
      if (after.disabled) await store.removeSessionsOf(after.id);
      return userView(after);
    });

    const reset = {
      summary: 'Give a user a new password',
      description: 'Ends all sessions of that user.',
      tags,
      params: IdParams,
      body: strict({ password: NewPassword }),
      response: { 204: Nothing },
    };
    api.put(
      '/api/users/:id/password',
      about(access, reset, ['INPUT_NOT_FOUND', 'TOO_MANY']),
      async (request, reply) => {
        const user = await get(request.params.id);
        const passwordHash = await passwords.hash(request.body.password);
        await record(whoAsks(request).actor, 'user.password-reset', `user/${user.id}`);
        await store.putUser(user, { passwordHash });
        await store.removeSessionsOf(user.id);
        return reply.code(204).send(null);
      },
    );

    const remove = { summary: 'Remove a user', tags, params: IdParams, response: { 204: Nothing } };
    api.delete(
      '/api/users/:id',
      about(access, remove, ['INPUT_NOT_FOUND', 'CONFLICT']),
      async (request, reply) => {
        const { id, login } = await get(request.params.id);
        await keepAnAdmin(id);
        await record(whoAsks(request).actor, 'user.removed', `user/${id}`, { login });
        await store.removeSessionsOf(id);
        await store.removeUser(id);
        return reply.code(204).send(null);
      },
    );
  };
}

/** An admin makes other admins, so limits on one would be no limits. */
function checked(user: User): User {
  if (user.role !== 'admin' || user.groups === undefined) return user;
  throw new CabinwatchError(
    'INPUT_INVALID',
    'An admin sees all lifts: leave groups out, or give a lesser role.',
  );
}

const taken = (login: string): CabinwatchError =>
  new CabinwatchError('CONFLICT', `There is a user "${login}" already.`);
