import { join } from 'node:path';
import { type Calls, SIGNAL_PATH } from '../../../api/index.ts';
import type { Config, DeepReadonly } from '../../../config/index.ts';
import {
  type AccountStore,
  type AuditLog,
  type CallHistory,
  type CallLinkStore,
  type CallRecord,
  type Clock,
  type Logger,
  ROLES,
  type Words,
} from '../../../core/index.ts';
import {
  createSignaling,
  type Grant,
  type Signaling,
  type SignalingOptions,
  serviceIdentity,
} from '../../../signaling/index.ts';
import { auditCalls } from './audit-calls.ts';
import { keptSecret } from './kept-secret.ts';

export interface CallsDeps {
  readonly accounts: Pick<AccountStore, 'userById'>;
  readonly audit: AuditLog;
  readonly history: CallHistory;
  readonly links: CallLinkStore;
  /** Absolute. */
  readonly dataDir: string;
  /** Undefined for a lift that is in no group, and for one that is not known. */
  readonly groupOf: (liftId: string) => string | undefined;
  /** Whether this is the screen that is paired with the lift. */
  readonly isScreen: (liftId: string, identity: string) => Promise<boolean>;
  /** Told of every state of every call. */
  readonly onCall: (record: CallRecord) => void;
  /** What both sides are told where calls are recorded. */
  readonly consent: Words | undefined;
  /** Nobody has to sign in, so nobody has an account. */
  readonly open: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ServiceCalls extends Calls {
  readonly signaling: Signaling;
  /** Idempotent. Before the API's server, which waits for all who are connected. */
  close(): Promise<void>;
}

/** How soon somebody whose account was taken back is out of a call, ms. */
const RECHECK_MS = 5_000;

/** Signaling as part of the service: its tokens by accounts and links, its calls in the records. */
export async function createCalls(
  options: DeepReadonly<Config['signaling']>,
  deps: CallsDeps,
): Promise<ServiceCalls> {
  const { accounts, links, history, clock, logger } = deps;
  const secret = options.secret ?? (await keptSecret(join(deps.dataDir, 'signaling.secret')));
  const mayCall = async (identity: string, liftId: string): Promise<boolean> => {
    if (deps.open) return true;
    const user = await accounts.userById(identity);
    if (!user || user.disabled || ROLES.indexOf(user.role) < ROLES.indexOf('operator')) return false;
    const group = deps.groupOf(liftId);
    return user.groups === undefined || (group !== undefined && user.groups.includes(group));
  };
  const permits = async ({ role, identity, liftId }: Grant): Promise<boolean> => {
    if (role === 'operator' || role === 'supervisor') return mayCall(identity, liftId);
    if (role === 'guest') return (await links.link(identity))?.revokedAt === undefined;
    if (role === 'cabin') return identity === serviceIdentity(liftId) || deps.isScreen(liftId, identity);
    return true;
  };
  const audit = auditCalls(deps.audit, logger);
  const signaling = await createSignaling(
    { ...(structuredClone(options) as SignalingOptions), secret },
    {
      callLog: history,
      // While the records cannot be read, whoever holds a token that is good is let in: people in a car come first.
      permits: (grant) => permits(grant).catch(() => true),
      onCall(record) {
        audit(record);
        deps.onCall(record);
      },
      ...(deps.consent && { consent: deps.consent }),
      clock,
      logger,
    },
  );

  /** Who has a token, by lift; whoever loses the right to it is shown out. */
  const admitted = new Map<
    string,
    { readonly liftId: string; readonly identity: string; readonly until: number }
  >();
  const recheck = async (): Promise<void> => {
    for (const [key, { liftId, identity, until }] of [...admitted]) {
      const may = await mayCall(identity, liftId).catch(() => true);
      if (!may) signaling.withdraw(liftId, identity);
      if (!may || until < clock.now()) admitted.delete(key);
    }
  };
  let checking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    checking = checking.then(recheck);
  }, RECHECK_MS);

  return {
    signaling,
    history,
    attach: (server, isAllowed) => signaling.attach(server, { path: SIGNAL_PATH, isAllowed }),
    joinToken(request) {
      const { liftId, identity } = request;
      const until = clock.now() + options.resumeSeconds * 1000;
      admitted.set(`${liftId}\n${identity}`, { liftId, identity, until });
      return signaling.joinToken(request);
    },
    links: {
      async create(link) {
        await links.put(link);
        const { id: identity, liftId, name, expiresAt } = link;
        return signaling.guestToken({ liftId, identity, name }, expiresAt);
      },
      link: (id) => links.link(id),
      ofLift: (liftId) => links.ofLift(liftId, clock.now()),
      async revoke({ id, liftId }) {
        await links.revoke(id, clock.now());
        signaling.withdraw(liftId, id);
      },
    },
    async close() {
      clearInterval(timer);
      await checking;
      await signaling.close();
    },
  };
}
