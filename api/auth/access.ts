import { type Actor, ROLES, type Role, type Scope } from '../../core/index.ts';

/** What a person or a key needs to use a route. */
export interface Allowed {
  /** People: at least this role. */
  readonly role: Role;
  /** Keys: this scope; without one the route is for people only. */
  readonly scope?: Scope;
  /** The route tells of every lift at once, so whoever is limited to groups may not use it. */
  readonly everyLift?: true;
}

/** `public`: anyone who can reach the service; `known`: whoever is signed in, and any key. */
export type Access = 'public' | 'known' | Allowed;

/** What shows who somebody is; looked up again for as long as a stream lasts. */
export type Proof =
  | { readonly kind: 'session'; readonly hash: string }
  | { readonly kind: 'key'; readonly hash: string }
  | { readonly kind: 'open' };

export interface Identity {
  readonly actor: Actor;
  /** Undefined for keys. */
  readonly role: Role | undefined;
  /** Empty for people: their role says what they may do. */
  readonly scopes: readonly Scope[];
  /** Lift groups they may see; undefined is all. */
  readonly groups: readonly string[] | undefined;
  readonly proof: Proof;
}

/** With `open: this-machine` whoever sits at this machine may do everything. */
export const SOMEBODY_HERE: Identity = Object.freeze({
  actor: Object.freeze({ kind: 'user', id: 'this-machine', name: 'this machine' }),
  role: 'admin',
  scopes: Object.freeze([]),
  groups: undefined,
  proof: Object.freeze({ kind: 'open' }),
} as const);

export function mayUse(identity: Identity, access: Access): boolean {
  if (access === 'public' || access === 'known') return true;
  if (access.everyLift && identity.groups !== undefined) return false;
  if (identity.role !== undefined) return ROLES.indexOf(identity.role) >= ROLES.indexOf(access.role);
  return access.scope !== undefined && identity.scopes.includes(access.scope);
}
