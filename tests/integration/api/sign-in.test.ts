import { Value } from 'typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiOptions, createApi, createPasswords } from '../../../api/index.ts';
import { type Logger, type Role, silentLogger } from '../../../core/index.ts';
import { MemoryAccounts } from './site/memory-accounts.ts';
import { MemoryWall } from './site/memory-wall.ts';
import { type Site, START, startSite } from './site/start-site.ts';

const PASSWORD = 'correct horse battery';
const HOUR = 3_600_000;

let site: Site;
afterEach(() => site?.api.close());

async function withAnn(options: Partial<ApiOptions> = {}, role: Role = 'operator'): Promise<void> {
  site = await startSite(options);
  const passwordHash = await (await createPasswords()).hash(PASSWORD);
  const ann = {
    id: 'ann',
    login: 'ann',
    name: 'Ann',
    role,
    groups: undefined,
    disabled: false,
    createdAt: START,
  };
  await site.accounts.putUser(ann, { passwordHash });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<
    string,
    unknown
  >;
  /** `name=secret` of the cookie that was set. */
  readonly cookie: string;
}

async function send(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const json = body && { 'content-type': 'application/json' };
  const init = { method, headers: { ...json, ...headers }, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${site.url}${path}`, init);
  const text = await answer.text();
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return {
    status: answer.status,
    headers: answer.headers,
    body: text === '' ? {} : JSON.parse(text),
    cookie,
  };
}

const signIn = (login = 'ann', password = PASSWORD, headers = {}): Promise<Answer> =>
  send('POST', '/api/session', { login, password }, headers);
const me = (cookie: string): Promise<Answer> => send('GET', '/api/session', undefined, { cookie });

describe('signing in', () => {
  it('gives a cookie that scripts, other sites and plain lines cannot use', async () => {
    await withAnn();
    const answer = await signIn();
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { entry: 'session', name: 'Ann', role: 'operator' },
    ]);
    const cookie = answer.headers.get('set-cookie');
    expect(cookie).toMatch(/^cabinwatch=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await me(answer.cookie)).status).toBe(200);

    await site.api.close();
    await withAnn({ publicUrl: 'https://lifts.example.org' });
    const secure = (await signIn()).headers.get('set-cookie');
    expect(secure).toMatch(
      /^__Host-cabinwatch=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await me(secure?.replace('__Host-', '') ?? '')).status).toBe(401);
  });

  it('keeps neither the password nor the secrets of sessions and keys', async () => {
    await withAnn();
    const { cookie } = await signIn();
    const admin = await site.person('admin');
    const key = await send(
      'POST',
      '/api/keys',
      { name: 'gateway', scopes: ['lifts:read'] },
      { ...admin.headers },
    );
    const { token } = key.body as unknown as { token: string };
    const kept = `${site.accounts.dump()}${JSON.stringify(site.audit.all)}`;
    for (const secret of [PASSWORD, cookie.split('=')[1] as string, token])
      expect(kept).not.toContain(secret);
    expect(
      JSON.stringify((await send('GET', '/api/keys', undefined, { ...admin.headers })).body),
    ).not.toContain(token);
    expect((await send('GET', '/api/lifts', undefined, { authorization: `Bearer ${token}` })).status).toBe(
      200,
    );
  });

  it('always begins a new session, and ends the one there was', async () => {
    await withAnn();
    const planted = `cabinwatch=${'A'.repeat(43)}`;
    const first = await signIn('ann', PASSWORD, { cookie: planted });
    expect(first.cookie).not.toBe(planted);
    expect((await me(planted)).status).toBe(401);
    const second = await signIn('ann', PASSWORD, { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect((await me(first.cookie)).status).toBe(401);
    expect((await me(second.cookie)).status).toBe(200);
  });

  it('says the same to an unknown login, a wrong password and a disabled user', async () => {
    await withAnn();
    const answers = [await signIn('nobody', PASSWORD), await signIn('ann', 'wrong password')];
    const ann = await site.accounts.userById('ann');
    if (ann) await site.accounts.putUser({ ...ann, disabled: true });
    answers.push(await signIn());
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([401, answers[0]?.body]);
    }
    const reasons = site.audit.all.map(({ action, data }) => [action, (data as { reason: string }).reason]);
    expect(reasons).toEqual([
      ['user.sign-in-failed', 'unknown login'],
      ['user.sign-in-failed', 'wrong password'],
      ['user.sign-in-failed', 'disabled'],
    ]);
    expect(JSON.stringify(site.audit.all)).not.toContain('nobody');
  });

  it('is slowed down after failures, also for the right password, and says until when', async () => {
    await withAnn();
    for (let n = 0; n < 5; n++) expect((await signIn('ann', 'wrong password')).status).toBe(401);
    const slowed = await signIn();
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1']);
    site.clock.advance(1001);
    expect((await signIn()).status).toBe(200);
    expect((await signIn('ann', 'wrong password')).status).toBe(401);
  });

  it('believes a proxy about addresses only if it is trusted', async () => {
    await withAnn({ trustedProxies: [] });
    const guess = (n: number) => signIn(`user-${n}`, 'wrong password', { 'x-forwarded-for': `10.0.0.${n}` });
    for (let n = 0; n < 20; n++) expect((await guess(n)).status).toBe(401);
    expect((await guess(21)).status).toBe(429);
    await site.api.close();
    await withAnn({ trustedProxies: ['127.0.0.1'] });
    for (let n = 0; n < 22; n++) expect((await guess(n)).status).toBe(401);
  });
});

describe('a session', () => {
  it('ends when it is not used, and at its latest though it is', async () => {
    await withAnn({ sessionIdleMinutes: 60, sessionHours: 12 });
    const { cookie } = await signIn();
    for (let n = 0; n < 14; n++) {
      site.clock.advance(50 * 60_000);
      expect((await me(cookie)).status).toBe(200);
    }
    site.clock.advance(21 * 60_000);
    expect((await me(cookie)).status).toBe(401);
    const idle = await signIn();
    site.clock.advance(HOUR);
    expect((await me(idle.cookie)).status).toBe(401);
  });

  it('ends with signing out, and with a new password for all others', async () => {
    await withAnn();
    const [one, two] = [await signIn(), await signIn()];
    const out = await send('DELETE', '/api/session', undefined, { cookie: one.cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await me(one.cookie)).status).toBe(401);

    const next = 'a new and longer password';
    const wrong = await send(
      'PUT',
      '/api/session/password',
      { current: 'wrong', next },
      { cookie: two.cookie },
    );
    expect(wrong.status).toBe(401);
    const three = await signIn();
    const changed = await send(
      'PUT',
      '/api/session/password',
      { current: PASSWORD, next },
      { cookie: two.cookie },
    );
    expect(changed.status).toBe(200);
    expect((await me(two.cookie)).status).toBe(401);
    expect((await me(three.cookie)).status).toBe(401);
    expect((await me(changed.cookie)).status).toBe(200);
    expect((await signIn()).status).toBe(401);
    expect((await signIn('ann', next)).status).toBe(200);
  });

  it('has at once the rights that its user has now', async () => {
    await withAnn();
    const admin = await site.person('admin');
    const { cookie } = await signIn();
    const act = () =>
      send('POST', '/api/incidents/incident-a/acts', { act: 'note', text: 'seen' }, { cookie });
    expect((await act()).status).toBe(200);
    expect((await send('PATCH', '/api/users/ann', { role: 'viewer' }, { ...admin.headers })).status).toBe(
      200,
    );
    expect((await act()).status).toBe(403);
    expect((await send('PATCH', '/api/users/ann', { disabled: true }, { ...admin.headers })).status).toBe(
      200,
    );
    expect((await me(cookie)).status).toBe(401);
  });

  it('is of no use to another site’s page', async () => {
    await withAnn();
    const { cookie } = await signIn();
    const headers = { cookie, origin: 'http://evil.example' };
    expect((await send('GET', '/api/cameras', undefined, headers)).status).toBe(403);
    expect((await send('POST', '/api/cameras/car-a/play-token', undefined, headers)).status).toBe(403);
    const own = { cookie, origin: new URL(site.url).origin };
    expect((await send('POST', '/api/cameras/car-a/play-token', undefined, own)).status).toBe(200);
  });
});

describe('keys', () => {
  it('end when they expire and when they are revoked', async () => {
    await withAnn();
    const admin = await site.person('admin');
    const make = async (more: object) => {
      const body = { name: 'gateway', scopes: ['lifts:read'], ...more };
      const made = await send('POST', '/api/keys', body, { ...admin.headers });
      return made.body as unknown as { token: string; key: { id: string } };
    };
    const use = async ({ token }: { token: string }): Promise<number> =>
      (await send('GET', '/api/lifts', undefined, { authorization: `Bearer ${token}` })).status;
    const [short, long] = [await make({ expiresAt: START + 60_000 }), await make({})];
    expect([await use(short), await use(long)]).toEqual([200, 200]);
    site.clock.advance(60_000);
    expect([await use(short), await use(long)]).toEqual([401, 200]);
    expect((await send('DELETE', `/api/keys/${long.key.id}`, undefined, { ...admin.headers })).status).toBe(
      204,
    );
    expect(await use(long)).toBe(401);
    // A good cookie does not make up for a bad key.
    const both = { ...admin.headers, authorization: `Bearer ${long.token}` };
    expect((await send('GET', '/api/lifts', undefined, both)).status).toBe(401);
    expect(site.audit.all.map(({ action }) => action)).toEqual(['key.created', 'key.created', 'key.revoked']);
  });
});

describe('users', () => {
  it('are never without an admin, and an admin without limits', async () => {
    await withAnn();
    const { id, headers } = await site.person('admin');
    const who = { ...headers };
    expect((await send('PATCH', `/api/users/${id}`, { role: 'viewer' }, who)).status).toBe(409);
    expect((await send('PATCH', `/api/users/${id}`, { disabled: true }, who)).status).toBe(409);
    expect((await send('DELETE', `/api/users/${id}`, undefined, who)).status).toBe(409);
    expect((await send('PATCH', `/api/users/${id}`, { groups: ['a'] }, who)).status).toBe(400);
    const bob = { login: 'bob', name: 'Bob', role: 'admin', password: PASSWORD };
    expect((await send('POST', '/api/users', { ...bob, password: 'short' }, who)).status).toBe(400);
    expect((await send('POST', '/api/users', { ...bob, login: 'ann' }, who)).status).toBe(409);
    expect((await send('POST', '/api/users', bob, who)).status).toBe(201);
    expect((await send('DELETE', `/api/users/${id}`, undefined, who)).status).toBe(204);
    expect((await send('GET', '/api/users', undefined, who)).status).toBe(401);
  });
});

describe('a site that has no users yet', () => {
  it('takes the token from its log, once', async () => {
    const logged: Record<string, unknown>[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void logged.push({ ...fields }) };
    const accounts = new MemoryAccounts();
    const api = await createApi(
      { ...Value.Create(ApiOptions), port: 0 },
      { wall: new MemoryWall([]), logger, accounts },
    );
    site = { ...({} as Site), api, url: api.url };
    const token = String(logged[0]?.setupToken);
    const admin = { login: 'root', name: 'Root', password: PASSWORD };
    expect((await send('POST', '/api/setup', { ...admin, token: 'guess' })).status).toBe(401);
    const both = await Promise.all([
      send('POST', '/api/setup', { ...admin, token }),
      send('POST', '/api/setup', { ...admin, login: 'other', token }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await accounts.users()).map(({ role }) => role)).toEqual(['admin']);
    expect((await signIn('root')).status).toBe(200);
  });
});
