import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryMedia } from './site/memory-rest.ts';
import { type Site, START, startSite, type Visitor } from './site/start-site.ts';

let site: Site;
let operator: Visitor;

beforeEach(async () => {
  const mediaFiles = new MemoryMedia();
  for (const [i, group] of ['a', 'b'].entries()) {
    const about = { liftId: `lift-${group}`, incidentId: `incident-${group}`, mime: 'video/mp4' } as const;
    const recording = { callId: `call-${group}`, durationMs: 61_000, ...(i === 1 && { problem: 'full' }) };
    mediaFiles.add(
      { ...about, id: `rec-${group}`, kind: 'recording', takenAt: START + i, recording },
      new Uint8Array(1000).map((_, n) => n),
    );
  }
  site = await startSite({}, { mediaFiles });
  operator = await site.person('operator');
});
afterEach(() => site.api.close());

const get = (path: string, { headers }: Visitor = operator, more: object = {}): Promise<Response> =>
  fetch(`${site.url}/api/${path}`, { headers: { ...headers, ...more } });

const open = (id: string, body: object, { headers }: Visitor = operator): Promise<Response> =>
  fetch(`${site.url}/api/recordings/${id}/open`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

it('lists what somebody may see, newest first, and why one is not whole', async () => {
  const all = await (await get('recordings')).json();
  expect(all.map(({ id }: { id: string }) => id)).toEqual(['rec-b', 'rec-a']);
  expect(all[0]).toEqual({
    id: 'rec-b',
    callId: 'call-b',
    liftId: 'lift-b',
    incidentId: 'incident-b',
    startedAt: START + 1,
    durationMs: 61_000,
    bytes: 1000,
    problem: 'full',
  });
  const ids = async (path: string, who = operator): Promise<string[]> =>
    (await (await get(path, who)).json()).map(({ id }: { id: string }) => id);
  expect(await ids('recordings?limit=1')).toEqual(['rec-b']);
  expect(await ids(`recordings?before=${START + 1}`)).toEqual(['rec-a']);
  expect(await ids('recordings?lift=lift-a')).toEqual(['rec-a']);
  const ofB = await site.person('operator', ['b']);
  expect(await ids('recordings', ofB)).toEqual(['rec-b']);
  expect(await ids('recordings?lift=lift-a', ofB)).toEqual([]);
});

it('gives a file only to who has said why, and has that written down first', async () => {
  const refused = await get('recordings/rec-a/file');
  expect([refused.status, (await refused.json()).error.message]).toEqual([
    403,
    expect.stringMatching(/POST \/api\/recordings\/rec-a\/open with a reason/),
  ]);
  for (const body of [{}, { reason: '' }]) expect((await open('rec-a', body)).status).toBe(400);
  expect(site.audit.all).toEqual([]);

  const opened = await open('rec-a', { reason: '事后核查' });
  expect(await opened.json()).toEqual({ path: 'api/recordings/rec-a/file', until: START + 900_000 });
  expect(site.audit.all).toMatchObject([
    {
      at: START,
      actor: { kind: 'user', id: operator.id },
      action: 'recording.opened',
      subject: 'lift/lift-a',
      data: { recording: 'rec-a', call: 'call-a', incidentId: 'incident-a', reason: '事后核查' },
    },
  ]);
  const whole = await get('recordings/rec-a/file');
  expect([whole.status, (await whole.arrayBuffer()).byteLength]).toEqual([200, 1000]);
  const part = await get('recordings/rec-a/file', operator, { range: 'bytes=10-19' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/1000']);
  expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect((await get('recordings/rec-a/file', operator, { range: 'bytes=1000-' })).status).toBe(416);

  // Neither another recording, nor somebody else, nor for ever.
  expect((await get('recordings/rec-b/file')).status).toBe(403);
  expect((await get('recordings/rec-a/file', await site.person('admin'))).status).toBe(403);
  site.clock.advance(900_000);
  expect((await get('recordings/rec-a/file')).status).toBe(403);
});

it('has no other way to a file', async () => {
  expect((await get('media/rec-a')).status).toBe(403);
  const viewer = await site.person('viewer');
  const machine = await site.machine(['media:read']);
  for (const who of [viewer, machine]) {
    expect((await get('recordings', who)).status).toBe(403);
    expect((await open('rec-a', { reason: 'curious' }, who)).status).toBe(403);
  }
  const ofB = await site.person('operator', ['b']);
  expect((await open('rec-a', { reason: 'curious' }, ofB)).status).toBe(404);
  expect((await open('clip-a', { reason: 'curious' })).status).toBe(404);
  expect(site.audit.all).toEqual([]);
});
