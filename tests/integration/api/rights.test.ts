import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, SCOPES } from '../../../core/index.ts';
import { type Operation, readOperations } from './document.ts';
import { type Site, startSite, type Visitor } from './site/start-site.ts';

let site: Site;
let operations: Operation[];
beforeAll(async () => {
  site = await startSite();
  operations = await readOperations();
});
afterAll(() => site.api.close());

/** Asks a route for what there is not, so that nothing changes; what counts is whether it got past the door. */
async function ask({ method, path, body }: Operation, headers: Record<string, string> = {}): Promise<number> {
  const url = `${site.url}${path.replace(/\{\w+\}/g, 'none')}`;
  const json = body ? { 'content-type': 'application/json' } : {};
  const stop = new AbortController();
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...json },
    signal: stop.signal,
    ...(body && { body: '{"no":"such"}' }),
  });
  stop.abort();
  return answer.status;
}

const name = ({ method, path }: Operation): string => `${method} ${path}`;

describe('every route', () => {
  it('is documented with a summary, how it is secured, and its errors', () => {
    expect(operations.length).toBeGreaterThan(40);
    for (const operation of operations) {
      expect(operation.summary, name(operation)).toBeTruthy();
      expect(operation.security, name(operation)).toBeDefined();
      expect(operation.statuses, name(operation)).toContain(403);
      expect(operation.access, name(operation)).toBeDefined();
    }
  });

  it('is closed to strangers, unless it says that it is public', async () => {
    for (const operation of operations) {
      const { access } = operation;
      const strangers: Record<string, string>[] = [
        {},
        { cookie: 'cabinwatch=' },
        { cookie: `cabinwatch=${'A'.repeat(43)}` },
        { cookie: `__Host-cabinwatch=${'A'.repeat(43)}` },
        { authorization: `Bearer cw_${'A'.repeat(43)}` },
        { authorization: 'Basic YWRtaW46YWRtaW4=' },
      ];
      for (const headers of strangers) {
        const status = await ask(operation, headers);
        if (access === 'public') expect(status, name(operation)).not.toBe(403);
        else expect(status, name(operation)).toBe(401);
      }
    }
  });

  it('lets in exactly the roles that it says', async () => {
    for (const role of ROLES) {
      for (const operation of operations) {
        // Anew each time: signing out is one of the routes.
        const { headers } = await site.person(role);
        const { access } = operation;
        const may = typeof access === 'string' || ROLES.indexOf(role) >= ROLES.indexOf(access.role);
        expect((await ask(operation, headers)) !== 403, `${role}: ${name(operation)}`).toBe(may);
      }
    }
  });

  it('lets in exactly the keys that have its scope', async () => {
    for (const scope of SCOPES) {
      const { headers } = await site.machine([scope]);
      for (const operation of operations) {
        const { access } = operation;
        const may = typeof access === 'string' || access.scope === scope;
        expect((await ask(operation, headers)) !== 403, `${scope}: ${name(operation)}`).toBe(may);
      }
    }
  });

  it('that tells of all lifts is closed to those who see only some', async () => {
    const limited: Visitor[] = [await site.person('engineer', ['a']), await site.machine([...SCOPES], ['a'])];
    for (const { headers } of limited) {
      for (const operation of operations) {
        if (typeof operation.access === 'string' || !operation.access.everyLift) continue;
        expect(await ask(operation, headers), name(operation)).toBe(403);
      }
    }
  });
});

describe('groups', () => {
  const get = async (path: string, { headers }: Visitor, more: RequestInit = {}) => {
    const answer = await fetch(`${site.url}${path}`, { ...more, headers: { ...headers, ...more.headers } });
    return { status: answer.status, text: await answer.text() };
  };

  it('hide the lifts of others from every route', async () => {
    const visitors = [await site.person('engineer', ['a']), await site.machine([...SCOPES], ['a'])];
    for (const visitor of visitors) {
      for (const path of [
        '/api/cameras',
        '/api/lifts',
        '/api/incidents',
        '/api/statistics/incidents?from=0&until=2000000',
      ]) {
        const { status, text } = await get(path, visitor);
        expect(status, path).toBe(200);
        expect(text, path).toContain('lift-a');
        expect(text, path).not.toMatch(/lift-b|car-b|incident-b/);
      }
      for (const [path, there] of [
        ['/api/lifts/lift-@', 200],
        ['/api/lifts/lift-@/state', 200],
        ['/api/lifts/lift-@/timeline', 200],
        ['/api/cameras/car-@/snapshot.jpg', 200],
        ['/api/incidents/incident-@', 200],
        ['/api/incidents/incident-@/changes', 200],
        ['/api/incidents/incident-@/media', 200],
        ['/api/media/clip-@', 200],
      ] as const) {
        expect((await get(path.replace('@', 'a'), visitor)).status, path).toBe(there);
        expect((await get(path.replace('@', 'b'), visitor)).status, path).toBe(404);
      }
    }
  });

  it('keep people from acting on the lifts of others', async () => {
    const engineer = await site.person('engineer', ['a']);
    const post = (path: string, body: object, method = 'POST', more = {}) =>
      get(path, engineer, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...more },
      });
    const url = 'rtsp://10.0.0.9/s';
    expect((await post('/api/incidents/incident-b/acts', { act: 'close' })).status).toBe(404);
    expect((await post('/api/cameras/car-b/play-token', {})).status).toBe(404);
    expect((await post('/api/controllers/lift-b/messages', { door: 'open' })).status).toBe(404);
    expect((await post('/api/maintenance', { liftId: 'lift-b', until: 2e12, reason: 'x' })).status).toBe(404);
    expect((await post('/api/lifts', { id: 'lift-c', group: 'b', camera: { url } })).status).toBe(403);
    expect((await post('/api/lifts', { id: 'lift-c', camera: { url } })).status).toBe(403);
    // Moving one's own lift out of sight would let anyone take it there.
    const away = { id: 'lift-a', group: 'b', camera: { url } };
    expect((await post('/api/lifts/lift-a', away, 'PUT', { 'if-match': '*' })).status).toBe(403);
    expect((await post('/api/lifts/lift-b', away, 'PUT', { 'if-match': '*' })).status).toBe(404);
    expect(site.lifts.get('lift-a')?.group).toBe('a');
    expect(site.messages).toEqual([]);
  });

  it('show what is in no group only to those who see all', async () => {
    await site.lifts.put({ id: 'lift-free', camera: { url: 'rtsp://10.0.0.8/s' } });
    const limited = await site.person('viewer', ['a', 'b']);
    expect((await get('/api/lifts', limited)).text).not.toContain('lift-free');
    expect((await get('/api/lifts', await site.person('viewer'))).text).toContain('lift-free');
    await site.lifts.remove('lift-free');
  });
});
