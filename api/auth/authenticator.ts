import type { IncomingHttpHeaders } from 'node:http';
import type { AccountStore, ApiKey, Clock, User } from '../../core/index.ts';
import { type Identity, type Proof, SOMEBODY_HERE } from './access.ts';
import { bearerToken, secretHash } from './secrets.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

export interface Authenticator {
  /** Who asks; undefined for somebody who shows nothing that holds. */
  identify(headers: IncomingHttpHeaders): Promise<Identity | undefined>;
  /** The same, as things are now: for connections that last. */
  again(proof: Proof): Promise<Identity | undefined>;
}

/** For `open: this-machine`: whoever can connect is let in. */
export const openAuthenticator: Authenticator = Object.freeze({
  identify: async () => SOMEBODY_HERE,
  again: async () => SOMEBODY_HERE,
});

export interface AuthenticatorDeps {
  readonly store: AccountStore;
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  readonly clock: Clock;
}

/** People by their session's cookie, machines by their key. Nothing is remembered, so what is taken back ends at once. */
export function createAuthenticator({ store, sessions, cookie, clock }: AuthenticatorDeps): Authenticator {
  const again = async (proof: Proof): Promise<Identity | undefined> => {
    if (proof.kind === 'session') {
      const user = await sessions.userOf(proof.hash);
      return user && ofUser(user, proof);
    }
    if (proof.kind === 'open') return undefined;
    const key = await store.keyByHash(proof.hash);
    return key && keyHolds(key, clock.now()) ? ofKey(key, proof) : undefined;
  };
  return {
    again,
    async identify({ authorization, cookie: header }) {
      // A key that is wrong is not made good by a cookie that happens to come with it.
      if (authorization !== undefined) {
        const token = bearerToken(authorization);
        return token ? again({ kind: 'key', hash: secretHash(token) }) : undefined;
      }
      const secret = cookie.read(header);
      return secret ? again({ kind: 'session', hash: secretHash(secret) }) : undefined;
    },
  };
}

const keyHolds = ({ revokedAt, expiresAt }: ApiKey, now: number): boolean =>
  revokedAt === undefined && (expiresAt === undefined || now < expiresAt);

const ofUser = (user: User, proof: Proof): Identity => ({
  actor: { kind: 'user', id: user.id, name: user.name },
  role: user.role,
  scopes: [],
  groups: user.groups,
  proof,
});

const ofKey = (key: ApiKey, proof: Proof): Identity => ({
  actor: { kind: 'key', id: key.id, name: key.name },
  role: undefined,
  scopes: key.scopes,
  groups: key.groups,
  proof,
});
