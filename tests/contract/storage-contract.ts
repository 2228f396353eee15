import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiKey, CallRecord, MediaItem, RecordedChange, User } from '../../core/index.ts';
import type { Storage } from '../../storage/index.ts';
import { change, incident, messageOf, RULES } from '../integration/storage/records.ts';

/** What the stores promise, whatever database is under them. `open` gives a storage with the sinks `one` and `two`. */
export function storageContract(name: string, open: () => Promise<Storage>): void {
  describe(`${name} keeps the contract of`, () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());
    incidentContract(() => storage);
    outboxContract(() => storage);
    liftContract(() => storage);
    accountContract(() => storage);
    mediaContract(() => storage);
    callContract(() => storage);
  });
}

function incidentContract(open: () => Storage): void {
  describe('incidents:', () => {
    test('a change, its messages and its audit entry are there together, once', async () => {
      const { incidents, audit, outbox } = open();
      const [before, head] = [await incidents.lastSeq(), await audit.head()];
      const told = change({ id: 'once', liftId: 'lift-once' });
      const first = await incidents.record([told], messageOf);
      const again = await incidents.record([told], messageOf);
      expect(first).toEqual([{ ...told, seq: before + 1 }]);
      expect(again).toEqual(first);
      const [entry, ...more] = await audit.entries(head.seq, 10);
      expect(more).toEqual([]);
      expect(entry).toMatchObject({ action: 'incident.opened', subject: 'incident/once', actor: RULES });
      for (const sink of ['one', 'two']) {
        const waiting = (await outbox.due(sink, 10_000, 1000)).filter(({ liftId }) => liftId === 'lift-once');
        expect(waiting.map(({ message }) => message)).toEqual([messageOf(told)]);
      }
    });

    test('numbers rise without a gap in the order in which changes are told, also when many are', async () => {
      const { incidents, ...storage } = open();
      const before = await incidents.lastSeq();
      const told: RecordedChange[] = [];
      const off = open().on('recorded', (changes) => told.push(...changes));
      const versions = [1, 2, 3, 4, 5];
      await Promise.all(
        ['a', 'b', 'c', 'd'].map(async (id) => {
          for (const version of versions)
            await incidents.record(
              [change({ id: `many-${id}`, liftId: 'lift-many', version })],
              () => undefined,
            );
        }),
      );
      off();
      expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => before + 1 + i));
      expect(await incidents.changesSince(before, 100)).toEqual(told);
      expect(await incidents.changesSince(before, 3)).toEqual(told.slice(0, 3));
      expect((await incidents.changesOf('many-a')).map((c) => c.incident.version)).toEqual(versions);
      expect(storage.health().state).toBe('ok');
    });

    test('text comes back as it went in, whatever it holds', async () => {
      const { incidents } = open();
      const text = 'nul \u0000 lone \ud800 sep \u2028 quote \' " \\ 汉字 🛗';
      const note = { at: 1, by: RULES, text };
      const told = change({ id: 'text', liftId: 'lift-text', startedAt: 1000.25, notes: [note] });
      await incidents.record([told], messageOf);
      expect(await incidents.incident('text')).toEqual(told.incident);
    });

    test('an incident is what its last change says, and open until it is closed', async () => {
      const { incidents } = open();
      await incidents.record(
        [
          change({ id: 'life', liftId: 'lift-life' }),
          change({ id: 'life', liftId: 'lift-life', version: 2, phase: 'confirmed' }),
        ],
        messageOf,
      );
      expect((await incidents.open()).find(({ id }) => id === 'life')?.phase).toBe('confirmed');
      await incidents.record(
        [change({ id: 'life', liftId: 'lift-life', version: 3, phase: 'closed' })],
        messageOf,
      );
      expect((await incidents.open()).some(({ id }) => id === 'life')).toBe(false);
      expect((await incidents.incident('life'))?.version).toBe(3);
      expect(await incidents.incident('no such')).toBeUndefined();
    });

    test('lists are filtered and paged, newest first, none twice and none left out', async () => {
      const { incidents } = open();
      const ids = ['p1', 'p2', 'p3', 'p4', 'p5'];
      // Three began in the same millisecond: the page's edge falls between them.
      const starts = [5_000, 5_000, 5_000, 4_000, 6_000];
      await incidents.record(
        ids.map((id, i) =>
          change({ id, liftId: 'lift-page', startedAt: starts[i] ?? 0, kind: i === 3 ? 'fall' : 'crowding' }),
        ),
        () => undefined,
      );
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await incidents.list({ liftIds: ['lift-page'], limit: 2, cursor });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual(['p5', 'p3', 'p2', 'p1', 'p4']);
      const some = await incidents.list({
        liftIds: ['lift-page'],
        kinds: ['fall'],
        phases: ['suspected'],
        limit: 9,
      });
      expect(some.items.map(({ id }) => id)).toEqual(['p4']);
      const span = await incidents.list({ liftIds: ['lift-page'], from: 4_000, until: 5_000, limit: 9 });
      expect(span.items.map(({ id }) => id)).toEqual(['p4']);
      expect((await incidents.list({ liftIds: [], limit: 9 })).items).toEqual([]);
      await expect(incidents.list({ limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    });

    test('statistics count by lift, kind and local day', async () => {
      const { incidents } = open();
      const at = Date.UTC(2026, 0, 1, 17);
      const own = { liftId: 'lift-count', startedAt: at, kind: 'fall' as const };
      await incidents.record(
        [
          change({ ...own, id: 's1', confirmedAt: at + 10_000, acknowledgedAt: at + 40_000 }),
          change({ ...own, id: 's2', phase: 'closed', closeReason: 'false-alarm' }),
        ],
        () => undefined,
      );
      const rows = await incidents.statistics(at, at + 1, 'Asia/Shanghai');
      expect(rows).toEqual([
        {
          day: '2026-01-02',
          liftId: 'lift-count',
          kind: 'fall',
          count: 2,
          falseAlarms: 1,
          confirmMs: { p50: 10_000, p95: 10_000 },
          acknowledgeMs: { p50: 30_000, p95: 30_000 },
        },
      ]);
    });

    test('what no database can hold is refused, and does not take its neighbours along', async () => {
      const { incidents } = open();
      const good = incidents.record([change({ id: 'good', liftId: 'lift-good' })], messageOf);
      const bad = incidents.record([change({ id: 'bad\u0000', liftId: 'lift-good' })], messageOf);
      await expect(bad).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      expect(await good).toHaveLength(1);
    });
  });
}

function outboxContract(open: () => Storage): void {
  describe('the outbox:', () => {
    const liftId = 'lift-outbox';
    const due = async (at: number) =>
      (await open().outbox.due('one', at, 1000)).filter((item) => item.liftId === liftId);

    test('gives out a lift’s next message only when the one before is done, and buries what is hopeless', async () => {
      const { incidents, outbox } = open();
      await incidents.record(
        [1, 2, 3].map((version) => change({ id: 'queue', liftId, version })),
        messageOf,
      );
      const [first, ...more] = await due(0);
      expect(more).toEqual([]);
      expect(first).toMatchObject({ message: { id: 'queue/1' }, attempts: 0, sink: 'one' });
      if (!first) return;
      await outbox.failed(first.id, 5_000, 'away', 6_000);
      expect(await due(5_999)).toEqual([]);
      expect(await due(6_000)).toMatchObject([{ id: first.id, attempts: 1 }]);
      await outbox.bury(first.id, 7_000, 'refused');
      const [second] = await due(7_000);
      expect(second?.message.id).toBe('queue/2');
      if (second) await outbox.delivered(second.id, 8_000);
      expect(await due(8_000)).toMatchObject([{ message: { id: 'queue/3' } }]);

      const dead = (await outbox.deadLetters(100)).filter((letter) => letter.liftId === liftId);
      expect(dead).toMatchObject([{ id: first.id, error: 'refused', failedAt: 7_000, attempts: 2 }]);
      expect((await outbox.backlog()).find(({ sink }) => sink === 'one')).toMatchObject({ dead: 1 });
      expect(await outbox.replay([first.id], 9_000)).toBe(1);
      expect(await outbox.replay('all', 9_000)).toBe(0);
      expect(await due(9_000)).toMatchObject([{ id: first.id, attempts: 0, createdAt: 9_000 }]);
    });
  });
}

function liftContract(open: () => Storage): void {
  describe('lifts:', () => {
    test('the later word on a timeline entry replaces the earlier', async () => {
      const { timeline } = open();
      const entry = {
        liftId: 'lift-time',
        kind: 'stop',
        startedAt: 100,
        endedAt: undefined,
        detail: { floor: 3 },
      } as const;
      await timeline.put([entry, { ...entry, startedAt: 50 }]);
      await timeline.put([{ ...entry, endedAt: 160, detail: { floor: 3, seconds: 0.06 } }]);
      const listed = await timeline.list('lift-time', 50, 101, 10);
      expect(listed.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
        [50, undefined],
        [100, 160],
      ]);
      expect(await timeline.list('lift-time', 51, 100, 10)).toEqual([]);
    });

    test('lifts and maintenance windows come and go', async () => {
      const { lifts, maintenance } = open();
      await lifts.put({ id: 'l1', settings: { camera: { url: 'rtsp://x' } }, changedAt: 1 });
      await lifts.put({ id: 'l1', settings: { name: 'Hall' }, changedAt: 2 });
      expect(await lifts.lifts()).toEqual([{ id: 'l1', settings: { name: 'Hall' }, changedAt: 2 }]);
      await lifts.remove('l1');
      expect(await lifts.lifts()).toEqual([]);

      const window = { id: 'w', liftId: 'l1', from: 10, until: 100, by: RULES, reason: 'rope' };
      await maintenance.put(window);
      expect(await maintenance.windows(99)).toEqual([window]);
      await maintenance.end('w', 50);
      await maintenance.end('w', 70);
      expect(await maintenance.windows(49)).toEqual([{ ...window, until: 50 }]);
      expect(await maintenance.windows(50)).toEqual([]);
    });
  });
}

function accountContract(open: () => Storage): void {
  describe('accounts:', () => {
    const user: User = {
      id: 'u1',
      login: 'li.wei',
      name: 'Li Wei',
      role: 'operator',
      groups: ['north'],
      disabled: false,
      createdAt: 1,
    };

    test('users, with secrets apart and logins unique', async () => {
      const { accounts } = open();
      await accounts.putUser(user, { passwordHash: '$argon2id$1' });
      await accounts.putUser({ ...user, groups: undefined, disabled: true });
      const changed = { ...user, groups: undefined, disabled: true };
      expect(await accounts.users()).toEqual([changed]);
      expect(await accounts.credentials('li.wei')).toEqual({
        user: changed,
        secret: { passwordHash: '$argon2id$1' },
      });
      await expect(accounts.putUser({ ...user, id: 'u2' })).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await accounts.credentials('nobody')).toBeUndefined();
    });

    test('sessions end with their time, their user, and by being removed', async () => {
      const { accounts } = open();
      const session = { userId: 'u1', createdAt: 1, lastUsedAt: 1, expiresAt: 100 };
      for (const idHash of ['s1', 's2', 's3']) await accounts.putSession({ ...session, idHash });
      await accounts.touchSession('s1', 7);
      expect((await accounts.session('s1'))?.lastUsedAt).toBe(7);
      await accounts.removeSession('s1');
      await accounts.touchSession('s1', 8);
      expect(await accounts.session('s1')).toBeUndefined();
      await accounts.putSession({ ...session, idHash: 's2', expiresAt: 200 });
      await accounts.removeExpired(100);
      expect([await accounts.session('s2'), await accounts.session('s3')]).toEqual([
        { ...session, idHash: 's2', expiresAt: 200 },
        undefined,
      ]);
      await accounts.removeUser('u1');
      expect(await accounts.session('s2')).toBeUndefined();
      expect(await accounts.userById('u1')).toBeUndefined();
    });

    test('keys are found by their token’s hash, and changed without it', async () => {
      const { accounts } = open();
      const key: ApiKey = {
        id: 'k1',
        name: 'queue',
        scopes: ['incidents:read'],
        groups: undefined,
        createdAt: 1,
        expiresAt: undefined,
        revokedAt: undefined,
      };
      await expect(accounts.putKey(key)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await accounts.putKey(key, 'hash');
      await accounts.putKey({ ...key, revokedAt: 9 });
      expect(await accounts.keyByHash('hash')).toEqual({ ...key, revokedAt: 9 });
      expect(await accounts.keys()).toEqual([{ ...key, revokedAt: 9 }]);
    });
  });
}

function mediaContract(open: () => Storage): void {
  describe('media:', () => {
    const day = 86_400_000;
    const picture = new Uint8Array([1, 2, 3]);
    const save = (incidentId: string | undefined, takenAt: number): Promise<MediaItem> =>
      open().media.save({ kind: 'snapshot', liftId: 'l', incidentId, takenAt, mime: 'image/jpeg' }, picture);

    test('what is saved can be read, and goes when its time has come: not while its incident is open', async () => {
      const { incidents, media } = open();
      const now = 1000 * day;
      await incidents.record([change({ id: 'm-open' }), change({ id: 'm-over' })], () => undefined);
      await incidents.record(
        [change({ ...incident({ id: 'm-over' }), version: 2, phase: 'closed' })],
        () => undefined,
      );
      const [kept, over, loose, unknown, young] = await Promise.all([
        save('m-open', now - 91 * day),
        save('m-over', now - 91 * day),
        save(undefined, now - 91 * day),
        save('not recorded yet', now - 91 * day),
        save('m-over', now - 89 * day),
      ]);
      expect(await media.list('m-open')).toEqual([kept]);
      expect(new Uint8Array(await media.read(kept.id))).toEqual(picture);
      expect(await media.sweep(now)).toEqual({ expired: 2, early: 0 });
      for (const { id } of [over, loose])
        await expect(media.read(id)).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
      for (const { id } of [kept, unknown, young]) expect(await media.read(id)).toHaveLength(3);
    });

    test('a recorded call is taken over with its file, found again, read in parts, and goes like the others', async () => {
      const { incidents, media } = open();
      const now = 2000 * day;
      const recorded = async (liftId: string, incidentId: string | undefined, takenAt: number) => {
        const path = join(await mkdtemp(join(tmpdir(), 'cabinwatch-adopt-')), 'call.mp4');
        await writeFile(path, 'abcdefghij');
        const recording = { callId: `call-${takenAt}`, durationMs: 61_500.5, problem: '磁盘已满' };
        const about = { liftId, incidentId, takenAt, mime: 'video/mp4', recording };
        const item = await media.adopt({ kind: 'recording', ...about }, path);
        await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
        expect(item).toMatchObject({ ...about, bytes: 10 });
        return item;
      };
      await incidents.record([change({ id: 'r-open' })], () => undefined);
      const old = await recorded('r-1', 'r-open', now - 31 * day);
      const loose = await recorded('r-1', undefined, now - 31 * day - 1);
      const young = await recorded('r-2', undefined, now - 29 * day);
      expect(await media.recordings({ liftIds: ['r-1', 'r-2'], limit: 9 })).toEqual([young, old, loose]);
      expect(await media.recordings({ liftIds: ['r-1'], limit: 1 })).toEqual([old]);
      expect(await media.recordings({ liftIds: ['r-1'], before: old.takenAt, limit: 9 })).toEqual([loose]);
      expect(await media.recordings({ liftIds: [], limit: 9 })).toEqual([]);
      expect(await media.list('r-open')).toEqual([old]);
      expect(await text(await media.stream(old.id, 2, 4))).toBe('cde');

      expect((await media.sweep(now)).expired).toBeGreaterThanOrEqual(1);
      expect(await media.recordings({ liftIds: ['r-1', 'r-2'], limit: 9 })).toEqual([young, old]);
      await expect(media.stream(loose.id, 0, 9)).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
    });
  });
}

function callContract(open: () => Storage): void {
  const call = (id: string, incidentId: string | undefined, at: number): CallRecord => ({
    id,
    liftId: 'lift-call',
    incidentId,
    cabinId: 'service:lift-call',
    by: { id: 'u1', name: '张三', role: 'operator' },
    state: 'ringing',
    steps: [{ state: 'ringing', at }],
    endReason: undefined,
  });
  describe('calls:', () => {
    test('the later word replaces the earlier; what has ended is kept with its incident, and not open', async () => {
      const { calls } = open();
      const [first, second, outside] = [
        call('c2', 'i1', 1_000),
        call('c1', 'i1', 2_000),
        call('c3', undefined, 3),
      ];
      for (const record of [second, first, outside]) await calls.put(record);
      expect(await calls.open()).toEqual([outside, first, second]);
      const over: CallRecord = {
        ...first,
        state: 'ended',
        steps: [...first.steps, { state: 'ended', at: 5_000 }],
        endReason: 'hung-up',
      };
      await calls.put(over);
      expect(await calls.open()).toEqual([outside, second]);
      expect(await calls.ofIncident('i1')).toEqual([over, second]);
      expect(await calls.ofIncident('none')).toEqual([]);
    });

    test('a link is known until it runs out, and its first revocation stands', async () => {
      const { callLinks } = open();
      const by = { kind: 'user', id: 'u1', name: '张三' } as const;
      const link = { id: 'l1', liftId: 'lift-call', name: '96333', by, createdAt: 1_000, expiresAt: 9_000 };
      await callLinks.put(link);
      expect(await callLinks.link('l1')).toEqual({ ...link, revokedAt: undefined });
      await callLinks.revoke('l1', 2_000);
      await callLinks.revoke('l1', 3_000);
      expect(await callLinks.ofLift('lift-call', 8_999)).toEqual([{ ...link, revokedAt: 2_000 }]);
      expect(await callLinks.ofLift('lift-call', 9_000)).toEqual([]);
      expect(await callLinks.link('none')).toBeUndefined();
    });
  });
}
