import { get, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anIncident } from './site/memory-incidents.ts';
import { type Site, startSite, type Visitor } from './site/start-site.ts';

let site: Site;
let viewer: Visitor;
beforeEach(async () => {
  site = await startSite();
  viewer = await site.person('viewer');
});
afterEach(() => site.api.close());

interface Event {
  readonly id: number;
  readonly name: string;
  readonly data: { readonly seq?: number; readonly open?: readonly { id: string }[] };
}

interface Reading {
  readonly events: Event[];
  /** Id of the last whole block, as a browser keeps it. */
  readonly last: () => string | undefined;
  readonly ended: Promise<void>;
  stop(): void;
}

/** Reads like a browser: what came only in part when the line broke does not count. */
async function listen(
  from: string | undefined,
  cutAfterBytes = Number.POSITIVE_INFINITY,
  who = viewer,
): Promise<Reading> {
  const headers = { ...who.headers, ...(from !== undefined && { 'last-event-id': from }) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${site.url}/api/incidents/stream`, { headers, agent: false }, resolve).on('error', reject);
  });
  expect(answer.statusCode).toBe(200);
  const events: Event[] = [];
  let last = from;
  let text = '';
  let left = cutAfterBytes;
  answer.on('data', (chunk: Buffer) => {
    text += chunk.subarray(0, left).toString('latin1');
    left -= chunk.length;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      last = field('id') ?? last;
      const data = field('data');
      if (data) events.push({ id: Number(field('id')), name: field('event') ?? '', data: JSON.parse(data) });
    }
    if (left <= 0) answer.destroy();
  });
  answer.on('error', () => {});
  const ended = new Promise<void>((resolve) => answer.once('close', () => resolve()));
  return { events, last: () => last, ended, stop: () => void answer.destroy() };
}

const note = (n: number, lift = 'lift-a') => site.incidents.record(anIncident(`i-${n}`, lift), 'opened').seq;
const seqs = (reading: Reading) => reading.events.flatMap(({ data }) => data.seq ?? []);

it('begins with what is open, and goes on with every change', async () => {
  const reading = await listen(undefined);
  await vi.waitFor(() => expect(reading.events.length).toBe(1));
  expect(reading.events[0]?.data.open?.map(({ id }) => id)).toEqual(['incident-a', 'incident-b']);
  const seq = note(1);
  await vi.waitFor(() => expect(seqs(reading)).toEqual([seq]));
  expect(reading.events[1]).toMatchObject({ id: seq, name: 'incident', data: { change: 'opened' } });
  reading.stop();
});

it('loses nothing and repeats nothing, wherever the line breaks', async () => {
  const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 9000 }), fc.nat(5)), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(cuts, async (breaks) => {
      const first = await site.incidents.lastSeq();
      let from = String(first);
      const got: number[] = [];
      for (const [bytes, more] of breaks) {
        for (let n = 0; n < 3 + more; n++) note(n);
        const reading = await listen(from, bytes);
        let cut = false;
        void reading.ended.then(() => {
          cut = true;
        });
        const newest = String(await site.incidents.lastSeq());
        await vi.waitFor(() => expect(cut || reading.last() === newest).toBe(true));
        reading.stop();
        await reading.ended;
        got.push(...seqs(reading));
        from = reading.last() ?? from;
      }
      const rest = await listen(from);
      const last = await site.incidents.lastSeq();
      await vi.waitFor(() => expect([...got, ...seqs(rest)].at(-1)).toBe(last));
      rest.stop();
      expect([...got, ...seqs(rest)]).toEqual(Array.from({ length: last - first }, (_, i) => first + i + 1));
    }),
    { seed: 41, numRuns: 12 },
  );
}, 40_000);

it('tells only of the lifts that one may see', async () => {
  const limited = await site.person('viewer', ['a']);
  const reading = await listen(undefined, undefined, limited);
  await vi.waitFor(() => expect(reading.events[0]?.data.open?.map(({ id }) => id)).toEqual(['incident-a']));
  note(1, 'lift-b');
  const seen = note(2, 'lift-a');
  await vi.waitFor(() => expect(seqs(reading)).toEqual([seen]));
  reading.stop();
});

it('ends within seconds once the session is over or the rights have changed', async () => {
  const machine = await site.machine(['incidents:read']);
  const other = await site.person('viewer');
  const readings = [
    await listen(undefined),
    await listen(undefined, undefined, machine),
    await listen(undefined, undefined, other),
  ];
  const stays = await listen(undefined, undefined, await site.person('viewer'));
  await vi.waitFor(() => expect(readings.every(({ events }) => events.length === 1)).toBe(true));
  const began = performance.now();
  await site.accounts.removeSessionsOf(viewer.id);
  const [key] = await site.accounts.keys();
  if (key) await site.accounts.putKey({ ...key, revokedAt: 1 });
  const user = await site.accounts.userById(other.id);
  if (user) await site.accounts.putUser({ ...user, groups: ['a'] });
  await Promise.all(readings.map(({ ended }) => ended));
  expect(performance.now() - began).toBeLessThan(6000);
  note(9);
  await vi.waitFor(() => expect(seqs(stays).length).toBe(1));
  stays.stop();
});

it('begins afresh when it is asked to go on from what is not there any more', async () => {
  const reading = await listen('999999');
  await vi.waitFor(() => expect(reading.events[0]?.name).toBe('hello'));
  reading.stop();
});

it('ends when the service closes, with a reader still there', async () => {
  const reading = await listen(undefined);
  await vi.waitFor(() => expect(reading.events.length).toBe(1));
  const began = performance.now();
  await site.api.close();
  await reading.ended;
  expect(performance.now() - began).toBeLessThan(2000);
});
