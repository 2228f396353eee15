import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import { type AccountStore, type ApiKey, CabinwatchError, type Clock } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import { newKeyToken, secretHash } from '../auth/secrets.ts';
import { whoAsks } from '../request.ts';
import { type KeyView, keyView, NewKey } from '../schemas/account.ts';
import { IdParams, Nothing, ref } from '../schemas/common.ts';

export interface KeyRouteDeps {
  readonly store: AccountStore;
  readonly record: Recorder;
  readonly clock: Clock;
}

const tags = ['keys'];
const access = { role: 'admin', everyLift: true } as const;
const ViewOfKey = ref<KeyView>('Key');

/** Keys with which machines come in. */
export function keyRoutes({ store, record, clock }: KeyRouteDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    const list = { summary: 'All keys', tags, response: { 200: Type.Array(ViewOfKey) } };
    api.get('/api/keys', about(access, list), async () => (await store.keys()).map(keyView));

    const create = {
      summary: 'A new key',
      description: 'Its token is shown in this answer and never again.',
      tags,
      body: NewKey,
      response: { 201: Type.Object({ key: ViewOfKey, token: Type.String() }) },
    };
    api.post('/api/keys', about(access, create), async (request, reply) => {
      const { name, scopes, groups, expiresAt } = request.body;
      const now = clock.now();
      if (expiresAt !== undefined && expiresAt <= now) {
        throw new CabinwatchError(
          'INPUT_INVALID',
          'expiresAt: expected a time to come, found one that is past.',
        );
      }
      const revokedAt = undefined;
      const key: ApiKey = {
        id: uuidv7(),
        name,
        scopes,
        groups: groups ?? undefined,
        createdAt: now,
        expiresAt,
        revokedAt,
      };
      const token = newKeyToken();
      const { actor } = whoAsks(request);
      await record(actor, 'key.created', `key/${key.id}`, { name, scopes, groups, expiresAt });
      await store.putKey(key, secretHash(token));
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ key: keyView(key), token });
    });

    const revoke = {
      summary: 'Revoke a key',
      description: 'It is refused from now on, and stays in the list.',
      tags,
      params: IdParams,
      response: { 204: Nothing },
    };
    api.delete('/api/keys/:id', about(access, revoke, ['INPUT_NOT_FOUND']), async (request, reply) => {
      const { id } = request.params;
      const key = (await store.keys()).find((k) => k.id === id);
      if (!key) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no key "${id}".`);
      if (key.revokedAt === undefined) {
        await record(whoAsks(request).actor, 'key.revoked', `key/${id}`, { name: key.name });
        await store.putKey({ ...key, revokedAt: clock.now() });
      }
      return reply.code(204).send(null);
    });
  };
}
