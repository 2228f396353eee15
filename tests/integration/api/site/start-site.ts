import { randomBytes } from 'node:crypto';
import { Value } from 'typebox/value';
import {
  type Api,
  ApiOptions,
  createApi,
  newKeyToken,
  type ServicePorts,
  secretHash,
} from '../../../../api/index.ts';
import {
  type AccountStore,
  CabinwatchError,
  ManualClock,
  type Role,
  type Scope,
  silentLogger,
} from '../../../../core/index.ts';
import { MemoryAccounts } from './memory-accounts.ts';
import { anIncident, createMemoryDesk, MemoryIncidents } from './memory-incidents.ts';
import {
  MemoryAudit,
  MemoryLifts,
  MemoryMaintenance,
  MemoryMedia,
  MemoryOutbox,
  silentCar,
} from './memory-rest.ts';
import { aCamera, MemoryWall } from './memory-wall.ts';

/** Where a test of the whole API begins: two lifts in two groups, an incident in each, and everything behind it in memory. */
export interface Site {
  readonly api: Api;
  readonly url: string;
  readonly clock: ManualClock;
  /** In memory, unless others were given: then these are not used. */
  readonly accounts: MemoryAccounts;
  readonly audit: MemoryAudit;
  readonly lifts: MemoryLifts;
  readonly incidents: MemoryIncidents;
  readonly outbox: MemoryOutbox;
  readonly wall: MemoryWall;
  readonly messages: { readonly liftId: string; readonly body: unknown }[];
  /** Headers of somebody with this role who is signed in. */
  person(role: Role, groups?: readonly string[]): Promise<Visitor>;
  /** Headers of a machine with a key of these scopes. */
  machine(scopes: readonly Scope[], groups?: readonly string[]): Promise<Visitor>;
}

export interface Visitor {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const CAMERA_PASSWORD = 'hunter2secret';
/** Of "a long enough password". */
const HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$khv751bChH3bLn2ohXu7eQ$RVT+eD5y1kak1YYLAHA5nva/IAGZ8AJLaMzx1nx5JW4';
export const START = 1_700_000_000_000;

/** @param ports instead of those in memory */
export async function startSite(
  options: Partial<ApiOptions> = {},
  ports: Partial<ServicePorts> = {},
): Promise<Site> {
  const clock = new ManualClock(START);
  const accounts = new MemoryAccounts();
  const audit = new MemoryAudit();
  const lifts = new MemoryLifts();
  const incidents = new MemoryIncidents();
  const mediaFiles = new MemoryMedia();
  const outbox = new MemoryOutbox();
  const wall = new MemoryWall([aCamera('car-a', 'lift-a'), aCamera('car-b', 'lift-b')]);
  const messages: { liftId: string; body: unknown }[] = [];
  for (const group of ['a', 'b']) {
    const url = `rtsp://viewer:${CAMERA_PASSWORD}@10.0.0.7/${group}`;
    await lifts.put({ id: `lift-${group}`, group, camera: { url, fps: 5 } });
    incidents.record(anIncident(`incident-${group}`, `lift-${group}`), 'opened');
    const item = { kind: 'clip', liftId: `lift-${group}`, takenAt: START, mime: 'video/mp4' } as const;
    mediaFiles.add(
      { ...item, id: `clip-${group}`, incidentId: `incident-${group}` },
      new Uint8Array(1000).map((_, i) => i),
    );
  }
  const api = await createApi(
    { ...Value.Create(ApiOptions), port: 0, ...options },
    {
      wall,
      logger: silentLogger,
      clock,
      accounts,
      audit,
      lifts,
      incidents,
      mediaFiles,
      outbox,
      desk: createMemoryDesk(incidents),
      cars: { state: (id) => (lifts.get(id) ? silentCar(id) : undefined) },
      timelines: { list: async () => [] },
      maintenance: new MemoryMaintenance(),
      controllers: {
        ingest(liftId, body) {
          if (typeof body !== 'object') throw new CabinwatchError('INPUT_INVALID', 'expected an object');
          messages.push({ liftId, body });
        },
      },
      metrics: { contentType: 'text/plain; version=0.0.4', metrics: async () => 'up 1\n' },
      calls: {
        attach() {},
        joinToken: () => 'token',
        history: { ofIncident: async () => [] },
        links: {
          create: async () => 'token',
          link: async () => undefined,
          ofLift: async () => [],
          revoke: async () => {},
        },
      },
      cabins: {
        terminals: {
          invite: () => ({ code: '12345678', expiresAt: START }),
          pair: async () => {
            throw new CabinwatchError('TOKEN_INVALID', 'wrong code');
          },
          admit: async () => undefined,
          terminal: async () => undefined,
          revoke: async () => {},
        },
        board: { status: (liftId) => ({ liftId, at: START }), subscribe: () => () => {} },
        raiseAlarm() {},
        joinToken: () => 'token',
      },
      media: { host: '127.0.0.1', port: 9 },
      ...ports,
    },
  );
  const store: AccountStore = ports.accounts ?? accounts;
  let made = 0;
  return {
    api,
    url: api.url,
    clock,
    accounts,
    audit,
    lifts,
    incidents,
    outbox,
    wall,
    messages,
    async person(role, groups) {
      const id = `user-${++made}`;
      const user = {
        id,
        login: id,
        name: `${role} ${made}`,
        role,
        groups,
        disabled: false,
        createdAt: START,
      };
      await store.putUser(user, { passwordHash: HASH });
      const secret = randomBytes(32).toString('base64url');
      const now = clock.now();
      const session = { idHash: secretHash(secret), userId: id, createdAt: now, lastUsedAt: now };
      await store.putSession({ ...session, expiresAt: now + 43_200_000 });
      return { id, headers: { cookie: `cabinwatch=${secret}` } };
    },
    async machine(scopes, groups) {
      const id = `key-${++made}`;
      const token = newKeyToken();
      const key = {
        id,
        name: id,
        scopes,
        groups,
        createdAt: START,
        expiresAt: undefined,
        revokedAt: undefined,
      };
      await store.putKey(key, secretHash(token));
      return { id, headers: { authorization: `Bearer ${token}` } };
    },
  };
}
