import type { IncomingMessage } from 'node:http';
import type { Clock, Logger } from '../../core/index.ts';
import { createRecorder, type Recorder } from '../audit.ts';
import type { ApiOptions } from '../options.ts';
import type { ServicePorts } from '../ports.ts';
import { type Access, type Identity, mayUse } from './access.ts';
import { type Authenticator, createAuthenticator, openAuthenticator } from './authenticator.ts';
import { createFirstAdmin, type FirstAdmin } from './first-admin.ts';
import { isOurs, type OriginRule } from './origin.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { RightsWatch } from './rights-watch.ts';
import { createSessionCookie, type SessionCookie } from './session-cookie.ts';
import { Sessions } from './sessions.ts';
import { createGatekeeper, type Gatekeeper } from './sign-in.ts';

/** What signing in takes; absent where nobody has to. */
export interface SignIn {
  readonly store: NonNullable<ServicePorts['accounts']>;
  readonly sessions: Sessions;
  readonly sessionMs: number;
  readonly cookie: SessionCookie;
  readonly gatekeeper: Gatekeeper;
  readonly firstAdmin: FirstAdmin;
  readonly passwords: Passwords;
}

/** Who comes in, how, and for how long. */
export interface Entrance {
  readonly authenticator: Authenticator;
  readonly rights: RightsWatch;
  readonly origin: OriginRule;
  readonly record: Recorder;
  readonly signIn: SignIn | undefined;
  /** For connections that no route handles: who it is, if they may. */
  admit(request: IncomingMessage, access: Access): Promise<Identity | undefined>;
  close(): Promise<void>;
}

export interface EntranceDeps extends Pick<ServicePorts, 'accounts' | 'audit'> {
  readonly logger: Logger;
  readonly clock: Clock;
}

/** A stream ends at most so long, and the time of a look-up, after the right to it has gone. */
const RIGHTS_EVERY_MS = 2000;
const SWEEP_EVERY_MS = 3_600_000;

export async function createEntrance(options: ApiOptions, deps: EntranceDeps): Promise<Entrance> {
  const { accounts, audit, logger, clock } = deps;
  const record = createRecorder(audit, clock);
  const origin: OriginRule = {
    tls: options.tls !== undefined,
    publicUrl: options.publicUrl,
    thisMachineOnly: options.open === 'this-machine',
  };
  const secure = origin.tls || (options.publicUrl?.startsWith('https:') ?? false);
  const open = options.open === 'this-machine' || !accounts;
  const signIn = open ? undefined : await createSignIn(options, { accounts, record, secure, logger, clock });
  const authenticator = signIn ? createAuthenticator({ ...signIn, clock }) : openAuthenticator;
  const rights = new RightsWatch(authenticator.again, RIGHTS_EVERY_MS);
  const sweep = setInterval(() => {
    signIn?.store.removeExpired(clock.now()).catch((error: unknown) => {
      logger.warn({ err: error }, 'old sessions could not be removed; it is tried again in an hour');
    });
  }, SWEEP_EVERY_MS).unref();
  return {
    authenticator,
    rights,
    origin,
    record,
    signIn,
    async admit(request, access) {
      if (!isOurs(request.headers, origin)) return undefined;
      const identity = await authenticator.identify(request.headers);
      return identity && mayUse(identity, access) ? identity : undefined;
    },
    async close() {
      clearInterval(sweep);
      await rights.close();
    },
  };
}

interface SignInDeps {
  readonly accounts: NonNullable<ServicePorts['accounts']>;
  readonly record: Recorder;
  readonly secure: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

async function createSignIn(options: ApiOptions, deps: SignInDeps): Promise<SignIn> {
  const { accounts: store, record, secure, logger, clock } = deps;
  const sessionMs = options.sessionHours * 3_600_000;
  const idleMs = options.sessionIdleMinutes * 60_000;
  const passwords = await createPasswords();
  return {
    store,
    sessions: new Sessions({ idleMs, longestMs: sessionMs }, { store, clock }),
    sessionMs,
    cookie: createSessionCookie(secure),
    gatekeeper: createGatekeeper({ store, passwords, record, clock }),
    firstAdmin: await createFirstAdmin(store, { logger }),
    passwords,
  };
}
