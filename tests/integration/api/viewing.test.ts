import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anIncident } from './site/memory-incidents.ts';
import { type Site, startSite, type Visitor } from './site/start-site.ts';

/** Looking into cabins: the incident of lift A is open, that of lift B is closed. */

let site: Site;
let viewer: Visitor;

async function begin(options: Parameters<typeof startSite>[0] = {}): Promise<void> {
  await site?.api.close();
  site = await startSite(options);
  site.incidents.record(anIncident('incident-b', 'lift-b', { phase: 'closed', version: 2 }), 'closed');
  viewer = await site.person('viewer');
}

beforeEach(() => begin());
afterEach(() => site.api.close());

async function play(id: string, body?: object, { headers }: Pick<Visitor, 'headers'> = viewer) {
  const json = body && {
    body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json' },
  };
  const answer = await fetch(`${site.url}/api/cameras/${id}/play-token`, {
    method: 'POST',
    headers,
    ...json,
  });
  return { status: answer.status, text: await answer.text() };
}

async function picture(id: string, reason?: string, { headers }: Pick<Visitor, 'headers'> = viewer) {
  const query = reason === undefined ? '' : `?reason=${encodeURIComponent(reason)}`;
  const answer = await fetch(`${site.url}/api/cameras/${id}/snapshot.jpg${query}`, { headers });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, faces: answer.headers.get('x-faces'), bytes: bytes.length };
}

const written = () =>
  site.audit.all.map(({ actor, action, subject, data }) => [actor.id, action, subject, data]);

describe('live pictures', () => {
  it('take a reason where the lift has no open incident, and say so', async () => {
    for (const body of [undefined, {}]) {
      const { status, text } = await play('car-b', body);
      expect(status).toBe(400);
      expect(text).toMatch(/INPUT_INVALID.*reason: without an open incident of the lift, say why/);
    }
    expect((await play('car-b', { reason: 'no' })).status).toBe(400);
    expect(written()).toEqual([]);
    expect((await play('car-b', { reason: '业主要求查看' })).status).toBe(200);
    expect(written()).toEqual([
      [viewer.id, 'camera.watched', 'lift/lift-b', { cameraId: 'car-b', reason: '业主要求查看' }],
    ]);
  });

  it('take none with one, and each is written down', async () => {
    expect((await play('car-a')).status).toBe(200);
    expect((await play('car-a')).status).toBe(200);
    const entry = [
      viewer.id,
      'camera.watched',
      'lift/lift-a',
      { cameraId: 'car-a', incidentId: 'incident-a' },
    ];
    expect(written()).toEqual([entry, entry]);
  });

  it('take a reason of machines, too', async () => {
    const machine = await site.machine(['media:read']);
    expect((await play('car-b', undefined, machine)).status).toBe(400);
    expect((await play('car-b', { reason: 'yearly inspection' }, machine)).status).toBe(200);
    expect(site.audit.all.at(-1)?.actor).toMatchObject({ kind: 'key', id: machine.id });
  });

  it('take none where nobody signs in, and are written down as of this machine', async () => {
    await begin({ open: 'this-machine' });
    expect((await play('car-b', undefined, { headers: {} })).status).toBe(200);
    expect(written()).toEqual([['this-machine', 'camera.watched', 'lift/lift-b', { cameraId: 'car-b' }]]);
  });
});

describe('snapshots', () => {
  it('hide faces outside incidents, for which no reason is needed and nothing is written', async () => {
    expect(await picture('car-b')).toEqual({ status: 200, faces: 'hidden', bytes: 4 });
    expect(written()).toEqual([]);
  });

  it('show faces to who gives a reason, which is written down, and each new one', async () => {
    for (let i = 0; i < 2; i++)
      expect(await picture('car-b', 'lost bag')).toEqual({ status: 200, faces: 'shown', bytes: 3 });
    await picture('car-b', 'lost child');
    const entry = (reason: string) => [
      viewer.id,
      'camera.pictured',
      'lift/lift-b',
      { cameraId: 'car-b', reason },
    ];
    expect(written()).toEqual([entry('lost bag'), entry('lost child')]);
  });

  it('show faces during an incident, written down once an hour and viewer', async () => {
    const machine = await site.machine(['media:read']);
    for (let i = 0; i < 3; i++) expect((await picture('car-a')).faces).toBe('shown');
    await picture('car-a', undefined, machine);
    await picture('car-a', undefined, machine);
    const entry = (id: string) => [
      id,
      'camera.pictured',
      'lift/lift-a',
      { cameraId: 'car-a', incidentId: 'incident-a' },
    ];
    expect(written()).toEqual([entry(viewer.id), entry(machine.id)]);
    site.clock.advance(3_600_001);
    await picture('car-a', undefined, machine);
    expect(written()).toHaveLength(3);
  });

  it('take a reason where faces are not to be hidden', async () => {
    await begin({ hideFaces: false });
    expect((await picture('car-b')).status).toBe(400);
    expect(await picture('car-b', 'lost bag')).toEqual({ status: 200, faces: 'shown', bytes: 3 });
    expect((await picture('car-a')).faces).toBe('shown');
  });
});
