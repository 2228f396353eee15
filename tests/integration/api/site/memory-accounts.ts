import {
  type AccountStore,
  type ApiKey,
  CabinwatchError,
  type Session,
  type User,
  type UserSecret,
} from '../../../../core/index.ts';

/** Accounts that last as long as the process. For tests. */
export class MemoryAccounts implements AccountStore {
  readonly #users = new Map<string, { user: User; secret: UserSecret }>();
  readonly #sessions = new Map<string, Session>();
  readonly #keys = new Map<string, { key: ApiKey; hash: string }>();

  async users(): Promise<User[]> {
    return [...this.#users.values()].map(({ user }) => user);
  }

  async putUser(user: User, secret?: UserSecret): Promise<void> {
    const known = secret ?? this.#users.get(user.id)?.secret;
    if (!known) throw new CabinwatchError('INPUT_INVALID', 'A new user needs a password.');
    if ((await this.users()).some(({ id, login }) => login === user.login && id !== user.id)) {
      throw new CabinwatchError('CONFLICT', 'The login is taken.');
    }
    this.#users.set(user.id, { user, secret: known });
  }

  async removeUser(id: string): Promise<void> {
    this.#users.delete(id);
  }

  async userById(id: string): Promise<User | undefined> {
    return this.#users.get(id)?.user;
  }

  async credentials(login: string): Promise<{ user: User; secret: UserSecret } | undefined> {
    return [...this.#users.values()].find(({ user }) => user.login === login);
  }

  async putSession(session: Session): Promise<void> {
    this.#sessions.set(session.idHash, session);
  }

  async session(idHash: string): Promise<Session | undefined> {
    return this.#sessions.get(idHash);
  }

  async touchSession(idHash: string, lastUsedAt: number): Promise<void> {
    const session = this.#sessions.get(idHash);
    if (session) this.#sessions.set(idHash, { ...session, lastUsedAt });
  }

  async removeSession(idHash: string): Promise<void> {
    this.#sessions.delete(idHash);
  }

  async removeSessionsOf(userId: string): Promise<void> {
    for (const [hash, session] of this.#sessions) if (session.userId === userId) this.#sessions.delete(hash);
  }

  async keys(): Promise<ApiKey[]> {
    return [...this.#keys.values()].map(({ key }) => key);
  }

  async putKey(key: ApiKey, tokenHash?: string): Promise<void> {
    const hash = tokenHash ?? this.#keys.get(key.id)?.hash;
    if (!hash) throw new CabinwatchError('INPUT_INVALID', 'A new key needs a token.');
    this.#keys.set(key.id, { key, hash });
  }

  async keyByHash(tokenHash: string): Promise<ApiKey | undefined> {
    return [...this.#keys.values()].find(({ hash }) => hash === tokenHash)?.key;
  }

  async removeExpired(now: number): Promise<void> {
    for (const [hash, { expiresAt }] of this.#sessions) if (expiresAt <= now) this.#sessions.delete(hash);
  }

  /** All that is kept, to look for what must not be. */
  dump(): string {
    return JSON.stringify([
      [...this.#users.values()],
      [...this.#sessions.values()],
      [...this.#keys.values()],
    ]);
  }
}
