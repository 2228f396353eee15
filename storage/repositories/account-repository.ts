import type { Selectable } from 'kysely';
import {
  type AccountStore,
  type ApiKey,
  CabinwatchError,
  type Session,
  type User,
} from '../../core/index.ts';
import type { Database } from '../database/open-database.ts';
import { isUniqueViolation } from '../database/storage-error.ts';
import type { Tables } from '../database/tables.ts';

export function createAccountRepository(db: Database): AccountStore {
  const userWhere = (column: 'id' | 'login', value: string) =>
    db.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst();

  return {
    async users() {
      return (await db.selectFrom('users').selectAll().orderBy('login').execute()).map(userOf);
    },

    async putUser(user, secret) {
      const row = {
        login: user.login,
        name: user.name,
        role: user.role,
        groups: listColumn(user.groups),
        disabled: user.disabled,
        created_at: user.createdAt,
      };
      const hash = secret && { password_hash: secret.passwordHash };
      await db
        .insertInto('users')
        .values({ id: user.id, password_hash: null, ...row, ...hash })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, ...hash }))
        .execute()
        .catch((error) => {
          if (!isUniqueViolation(error)) throw error;
          throw new CabinwatchError('CONFLICT', `The login "${user.login}" is taken.`, { cause: error });
        });
    },

    async removeUser(id) {
      await db.deleteFrom('users').where('id', '=', id).execute();
    },

    async userById(id) {
      const row = await userWhere('id', id);
      return row && userOf(row);
    },

    async credentials(login) {
      const row = await userWhere('login', login);
      return row?.password_hash
        ? { user: userOf(row), secret: { passwordHash: row.password_hash } }
        : undefined;
    },

    async putSession(session) {
      const row = {
        user_id: session.userId,
        created_at: session.createdAt,
        last_used_at: session.lastUsedAt,
        expires_at: session.expiresAt,
      };
      await db
        .insertInto('sessions')
        .values({ id_hash: session.idHash, ...row })
        .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(row))
        .execute();
    },

    async session(idHash) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('id_hash', '=', idHash)
        .executeTakeFirst();
      return row && sessionOf(row);
    },

    async touchSession(idHash, lastUsedAt) {
      await db
        .updateTable('sessions')
        .set({ last_used_at: lastUsedAt })
        .where('id_hash', '=', idHash)
        .execute();
    },

    async removeSession(idHash) {
      await db.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
    },

    async removeSessionsOf(userId) {
      await db.deleteFrom('sessions').where('user_id', '=', userId).execute();
    },

    async keys() {
      return (await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute()).map(
        keyOf,
      );
    },

    async putKey(key, tokenHash) {
      const row = {
        name: key.name,
        scopes: JSON.stringify(key.scopes),
        groups: listColumn(key.groups),
        created_at: key.createdAt,
        expires_at: key.expiresAt ?? null,
        revoked_at: key.revokedAt ?? null,
      };
      if (tokenHash !== undefined) {
        await db
          .insertInto('api_keys')
          .values({ id: key.id, token_hash: tokenHash, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...row, token_hash: tokenHash }))
          .execute();
        return;
      }
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set(row)
        .where('id', '=', key.id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n)
        throw new CabinwatchError(
          'INPUT_INVALID',
          `The key ${key.id} is new and needs the hash of its token.`,
        );
    },

    async keyByHash(tokenHash) {
      const row = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return row && keyOf(row);
    },

    async removeExpired(now) {
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
    },
  };
}

const listColumn = (list: readonly string[] | undefined): string | null =>
  list === undefined ? null : JSON.stringify(list);
const listOf = (column: string | null): string[] | undefined =>
  column === null ? undefined : (JSON.parse(column) as string[]);

const userOf = (row: Selectable<Tables['users']>): User => ({
  id: row.id,
  login: row.login,
  name: row.name,
  role: row.role as User['role'],
  groups: listOf(row.groups),
  disabled: row.disabled,
  createdAt: row.created_at,
});

const sessionOf = (row: Selectable<Tables['sessions']>): Session => ({
  idHash: row.id_hash,
  userId: row.user_id,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});

const keyOf = (row: Selectable<Tables['api_keys']>): ApiKey => ({
  id: row.id,
  name: row.name,
  scopes: JSON.parse(row.scopes) as ApiKey['scopes'],
  groups: listOf(row.groups),
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
});
