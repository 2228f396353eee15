import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import { type AccountStore, CabinwatchError, type Clock, type User } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import type { Identity } from '../auth/access.ts';
import type { FirstAdmin } from '../auth/first-admin.ts';
import type { Passwords } from '../auth/passwords.ts';
import { secretHash } from '../auth/secrets.ts';
import type { SessionCookie } from '../auth/session-cookie.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Gatekeeper } from '../auth/sign-in.ts';
import { whoAsks } from '../request.ts';
import { GivenPassword, Login, type MeView, NewPassword, PersonName } from '../schemas/account.ts';
import { Nothing, ref, strict } from '../schemas/common.ts';

const tags = ['sessions'];
const Me = ref<MeView>('Me');

/** `GET /api/session`: who asks. The page learns from it whether somebody has to sign in first. */
export function meRoute(): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = { summary: 'Who is signed in', tags, response: { 200: Me } };
    api.get('/api/session', about('known', schema), async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return meView(whoAsks(request));
    });
  };
}

export interface SessionRouteDeps {
  readonly store: AccountStore;
  readonly sessions: Sessions;
  readonly sessionMs: number;
  readonly cookie: SessionCookie;
  readonly gatekeeper: Gatekeeper;
  readonly firstAdmin: FirstAdmin;
  readonly passwords: Passwords;
  readonly record: Recorder;
  readonly clock: Clock;
}

/** Signing in and out, one's own password, and the first user. */
export function sessionRoutes(deps: SessionRouteDeps): FastifyPluginAsyncTypebox {
  const { store, sessions, cookie, gatekeeper, firstAdmin, passwords, record, clock } = deps;

  /** Whatever session the browser had before ends: signing in always gives a new one. */
  const enter = async (request: FastifyRequest, reply: FastifyReply, user: User): Promise<MeView> => {
    const before = cookie.read(request.headers.cookie);
    if (before) await sessions.close(secretHash(before));
    const actor = { kind: 'user', id: user.id, name: user.name } as const;
    await record(actor, 'user.signed-in', `user/${user.id}`, { address: request.ip });
    const secret = await sessions.open(user.id);
    reply.header('set-cookie', cookie.write(secret, deps.sessionMs)).header('cache-control', 'no-store');
    const { role, groups } = user;
    return meView({ actor, role, scopes: [], groups, proof: { kind: 'session', hash: secretHash(secret) } });
  };

  return async (api) => {
    const signIn = {
      summary: 'Sign in',
      description: 'Sets the session cookie. After too many failures `Retry-After` says when to try again.',
      tags,
      body: strict({ login: Login, password: GivenPassword }),
      response: { 200: Me },
    };
    api.post(
      '/api/session',
      about('public', signIn, ['UNAUTHENTICATED', 'TOO_MANY', 'STORAGE_UNAVAILABLE']),
      async (request, reply) => {
        const { login, password } = request.body;
        return enter(request, reply, await gatekeeper.check(login, password, request.ip));
      },
    );

    const signOut = { summary: 'Sign out', tags, response: { 204: Nothing } };
    api.delete('/api/session', about('public', signOut, ['STORAGE_UNAVAILABLE']), async (request, reply) => {
      const { identity } = request;
      if (identity?.proof.kind === 'session') {
        await record(identity.actor, 'user.signed-out', `user/${identity.actor.id}`);
        await sessions.close(identity.proof.hash);
      }
      return reply.code(204).header('set-cookie', cookie.clear()).send(null);
    });

    const change = {
      summary: 'Change one’s own password',
      description: 'Ends all other sessions of the same person, and begins a new one here.',
      tags,
      body: strict({ current: GivenPassword, next: NewPassword }),
      response: { 200: Me },
    };
    api.put(
      '/api/session/password',
      about({ role: 'viewer' }, change, ['TOO_MANY']),
      async (request, reply) => {
        const { actor } = whoAsks(request);
        const user = await store.userById(actor.id);
        if (!user) throw new CabinwatchError('UNAUTHENTICATED');
        const { current, next } = request.body;
        await gatekeeper.check(user.login, current, request.ip);
        const passwordHash = await passwords.hash(next);
        await record(actor, 'user.password-changed', `user/${user.id}`);
        await store.putUser(user, { passwordHash });
        await store.removeSessionsOf(user.id);
        return enter(request, reply, user);
      },
    );

    const setUp = {
      summary: 'Make the first admin',
      description: 'With the one-time token that the log shows while there is no user.',
      tags,
      body: strict({
        token: Type.String({ maxLength: 200 }),
        login: Login,
        name: PersonName,
        password: NewPassword,
      }),
      response: { 201: Me },
    };
    // One at a time: two with the same token must not both be the first.
    let turn: Promise<unknown> = Promise.resolve();
    api.post(
      '/api/setup',
      about('public', setUp, ['TOKEN_INVALID', 'CONFLICT', 'TOO_MANY', 'STORAGE_UNAVAILABLE']),
      async (request, reply) => {
        const { token, login, name, password } = request.body;
        const first = turn.then(async () => {
          await firstAdmin.check(token);
          const passwordHash = await passwords.hash(password);
          const user: User = {
            id: uuidv7(),
            login,
            name,
            role: 'admin',
            groups: undefined,
            disabled: false,
            createdAt: clock.now(),
          };
          const actor = { kind: 'service', id: 'setup', name: 'set-up token' } as const;
          await record(actor, 'user.created', `user/${user.id}`, { login, role: user.role });
          await store.putUser(user, { passwordHash });
          return user;
        });
        turn = first.catch(() => {});
        const me = await enter(request, reply, await first);
        return reply.code(201).send(me);
      },
    );
  };
}

const meView = ({ actor, role, scopes, groups, proof }: Identity): MeView => ({
  entry: proof.kind,
  name: actor.name,
  role: role ?? null,
  scopes: [...scopes],
  groups: groups ? [...groups] : null,
});
