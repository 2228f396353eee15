/** Who may use the service. Each role may do all that the ones before it may. */
export const ROLES = Object.freeze(['viewer', 'operator', 'engineer', 'admin'] as const);
export type Role = (typeof ROLES)[number];

/** What a machine's key may be used for. */
export const SCOPES = Object.freeze([
  'incidents:read',
  'incidents:act',
  'lifts:read',
  'lifts:write',
  'media:read',
  'controllers:write',
  'metrics:read',
  'audit:read',
] as const);
export type Scope = (typeof SCOPES)[number];

export interface User {
  readonly id: string;
  /** What they sign in with; unique, lower case. */
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Lift groups they may see; undefined is all. */
  readonly groups: readonly string[] | undefined;
  readonly disabled: boolean;
  readonly createdAt: number;
}

export interface UserSecret {
  /** argon2id, PHC string. */
  readonly passwordHash: string;
}

export interface Session {
  /** SHA-256 of the cookie's value, hex; the value itself is kept nowhere. */
  readonly idHash: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly groups: readonly string[] | undefined;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
}

/** Users, their sessions and machines' keys. Secrets go in as hashes and never come out with the lists. */
export interface AccountStore {
  users(): Promise<User[]>;
  /** @throws CabinwatchError CONFLICT for a login that is taken */
  putUser(user: User, secret?: UserSecret): Promise<void>;
  removeUser(id: string): Promise<void>;
  userById(id: string): Promise<User | undefined>;
  credentials(login: string): Promise<{ readonly user: User; readonly secret: UserSecret } | undefined>;
  putSession(session: Session): Promise<void>;
  session(idHash: string): Promise<Session | undefined>;
  /** Only a session that is still there: one removed meanwhile must not come back by having been used. */
  touchSession(idHash: string, lastUsedAt: number): Promise<void>;
  removeSession(idHash: string): Promise<void>;
  removeSessionsOf(userId: string): Promise<void>;
  keys(): Promise<ApiKey[]>;
  /** @param tokenHash SHA-256 of the token, hex; required for a new key */
  putKey(key: ApiKey, tokenHash?: string): Promise<void>;
  keyByHash(tokenHash: string): Promise<ApiKey | undefined>;
  /** Sessions and nothing else that are past their end. */
  removeExpired(now: number): Promise<void>;
}
