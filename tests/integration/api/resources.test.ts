import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openapiDocument } from '../../../api/index.ts';
import { anIncident } from './site/memory-incidents.ts';
import { CAMERA_PASSWORD, type Site, START, startSite, type Visitor } from './site/start-site.ts';

let site: Site;
let engineer: Visitor;
beforeAll(async () => {
  site = await startSite();
  engineer = await site.person('engineer');
});
afterAll(() => site.api.close());

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  who = engineer,
) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const init = { method, headers: { ...who.headers, ...json, ...headers } };
  const answer = await fetch(`${site.url}${path}`, {
    ...init,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    etag: answer.headers.get('etag') ?? '',
    text,
    json: () => JSON.parse(text),
  };
}

it('the document in the project is that of the routes (else: npm run generate)', async () => {
  const kept = readFileSync(new URL('../../../docs/4-reference/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(kept)).toEqual(JSON.parse(await openapiDocument()));
});

describe('lifts', () => {
  it('are created, changed and removed, and two who change one at a time do not undo each other', async () => {
    const settings = {
      id: 'tower-1',
      name: 'Tower 1',
      camera: { url: 'rtsp://u:pw12345678@10.0.0.1/s', fps: 5 },
    };
    const made = await send('POST', '/api/lifts', settings);
    expect(made.status).toBe(201);
    expect((await send('POST', '/api/lifts', settings)).status).toBe(409);
    const change = { ...made.json().settings, name: 'Tower One' };
    expect(change.camera.url).toBe('rtsp://***@10.0.0.1/s');

    expect((await send('PUT', '/api/lifts/tower-1', change)).status).toBe(428);
    const both = await Promise.all([
      send('PUT', '/api/lifts/tower-1', change, { 'if-match': made.etag }),
      send('PUT', '/api/lifts/tower-1', { ...change, name: 'Other' }, { 'if-match': made.etag }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 412]);
    // What was hidden when it was fetched is still what it was.
    expect(site.lifts.get('tower-1')?.settings).toMatchObject({ name: 'Tower One', camera: settings.camera });

    const tag = (await send('GET', '/api/lifts/tower-1')).etag;
    expect((await send('DELETE', '/api/lifts/tower-1', undefined, { 'if-match': made.etag })).status).toBe(
      412,
    );
    expect((await send('DELETE', '/api/lifts/tower-1', undefined, { 'if-match': tag })).status).toBe(204);
    expect((await send('GET', '/api/lifts/tower-1')).status).toBe(404);
    const written = site.audit.all.filter(({ subject }) => subject === 'lift/tower-1');
    expect(written.map(({ action }) => action)).toEqual(['lift.created', 'lift.changed', 'lift.removed']);
    expect(JSON.stringify(written)).not.toContain('pw12345678');
  });

  it('that are wrong come back with every mistake, and change nothing', async () => {
    const answer = await send('POST', '/api/lifts', { id: 'bad', name: 3, camera: { fps: 'many' } });
    expect(answer.status).toBe(400);
    expect(answer.json().error.problems.map(({ path }: { path: string }) => path)).toEqual([
      'camera.url',
      'camera.fps',
      'name',
    ]);
    const moved = { id: 'lift-a', group: 'a', camera: { url: 'rtsp://***@10.6.6.6/a', fps: 5 } };
    const theft = await send('PUT', '/api/lifts/lift-a', moved, { 'if-match': '*' });
    expect([theft.status, theft.json().error.problems[0].path]).toEqual([400, 'camera.url']);
    expect(JSON.stringify(site.lifts.get('lift-a'))).toContain(CAMERA_PASSWORD);
  });
});

describe('incidents', () => {
  it('come whole, page by page, and filtered', async () => {
    for (let n = 0; n < 7; n++) {
      site.incidents.record(
        anIncident(`page-${n}`, 'lift-a', { kind: 'fall', startedAt: 2_000_000 + n }),
        'opened',
      );
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await send('GET', `/api/incidents?kind=fall&kind=crowding&limit=3${cursor}`)).json();
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.cursor === null ? '' : `&cursor=${page.cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(['page-6', 'page-5', 'page-4', 'page-3', 'page-2', 'page-1', 'page-0']);
    const one = await send('GET', '/api/incidents/incident-a');
    expect(one.json()).toEqual(JSON.parse(JSON.stringify(await site.incidents.incident('incident-a'))));
    expect((await send('GET', '/api/incidents?kind=nonsense')).status).toBe(400);
    expect((await send('GET', '/api/incidents?from=2000006&until=2000007')).json().items.length).toBe(1);
  });

  it('are acted on in the name of who asks, and say why they cannot be', async () => {
    const gateway = await site.machine(['incidents:act']);
    const act = (body: object, who = engineer) => send('POST', '/api/incidents/page-1/acts', body, {}, who);
    expect((await act({ act: 'acknowledge' })).json()).toMatchObject({ phase: 'acknowledged', version: 2 });
    expect((await act({ act: 'note', text: '已联系维保' }, gateway)).status).toBe(200);
    expect((await act({ act: 'false-alarm', text: 'a bag' })).json()).toMatchObject({
      closeReason: 'false-alarm',
    });
    const again = await act({ act: 'close' });
    expect([again.status, again.json().error.message]).toEqual([409, 'The incident is closed already.']);
    expect((await act({ act: 'note' })).status).toBe(400);
    expect((await act({ act: 'acknowledge', more: 1 })).status).toBe(400);
    const changes = (await send('GET', '/api/incidents/page-1/changes')).json();
    expect(
      changes.map(({ change, by }: { change: string; by: { kind: string } }) => `${change} ${by.kind}`),
    ).toEqual(['opened service', 'acknowledged user', 'noted key', 'closed user']);
    const figures = (await send('GET', '/api/statistics/incidents?from=2000001&until=2000003')).json();
    expect(figures).toMatchObject({ count: 2, falseAlarms: 1, falseAlarmRate: 0.5 });
    expect((await send('GET', '/api/statistics/incidents?timeZone=Nowhere/City')).status).toBe(400);
  });

  it('hand out their clips whole or in ranges', async () => {
    expect((await send('GET', '/api/incidents/incident-a/media')).json()).toMatchObject([
      { id: 'clip-a', bytes: 1000 },
    ]);
    const fetchClip = async (range?: string) => {
      const answer = await fetch(`${site.url}/api/media/clip-a`, {
        headers: { ...engineer.headers, ...(range && { range }) },
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return [answer.status, answer.headers.get('content-range'), bytes.length, bytes[0]];
    };
    expect(await fetchClip()).toEqual([200, null, 1000, 0]);
    expect(await fetchClip('bytes=100-199')).toEqual([206, 'bytes 100-199/1000', 100, 100]);
    expect(await fetchClip('bytes=-10')).toEqual([206, 'bytes 990-999/1000', 10, 990 % 256]);
    expect(await fetchClip('bytes=2000-')).toEqual([416, 'bytes */1000', 0, undefined]);
  });
});

it('car states tell what is not known by leaving it out', async () => {
  const state = (await send('GET', '/api/lifts/lift-a/state')).json();
  expect(state).toMatchObject({ liftId: 'lift-a', link: 'never', door: {}, faults: {} });
});

it('maintenance windows begin, always end, and can be ended sooner', async () => {
  const start = (body: object) =>
    send('POST', '/api/maintenance', { liftId: 'lift-a', reason: '年检', ...body });
  expect((await start({ until: START - 1 })).status).toBe(400);
  expect((await start({ until: START + 40 * 86_400_000 })).status).toBe(400);
  const made = await start({ until: START + 3_600_000 });
  expect([made.status, made.json().by.kind]).toEqual([201, 'user']);
  expect((await send('DELETE', `/api/maintenance/${made.json().id}`)).status).toBe(204);
  expect((await send('GET', '/api/maintenance')).json()).toEqual([]);
});

it('given-up alarms are listed and replayed, and the record says by whom', async () => {
  const item = {
    id: 7,
    sink: 'webhook',
    liftId: 'lift-a',
    attempts: 9,
    createdAt: START,
    failedAt: START,
    error: 'refused',
  };
  site.outbox.dead = [{ ...item, message: { id: 'incident-a/1' } as never }];
  expect((await send('GET', '/api/alarms/dead-letters')).json()).toMatchObject([{ id: 7, error: 'refused' }]);
  expect((await send('POST', '/api/alarms/replay', { ids: [7, 8] })).json()).toEqual({ replayed: 1 });
  expect(site.audit.all.at(-1)).toMatchObject({ action: 'alarms.replayed', actor: { id: engineer.id } });
});

it('metrics are for keys, or for this machine where its owner says so', async () => {
  expect((await fetch(`${site.url}/metrics`)).status).toBe(401);
  const near = await startSite({ metricsOpen: 'this-machine' });
  try {
    expect(await (await fetch(`${near.url}/metrics`)).text()).toBe('up 1\n');
    const handedOn = { headers: { 'x-forwarded-for': '203.0.113.7' } };
    expect((await fetch(`${near.url}/metrics`, handedOn)).status).toBe(401);
  } finally {
    await near.api.close();
  }
});
