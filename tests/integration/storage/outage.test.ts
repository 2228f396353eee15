import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../../../core/index.ts';
import { createStorage, type Storage } from '../../../storage/index.ts';
import { type Program, startPostgres, tempFolder } from './programs.ts';
import { change, messageOf, storageOptions } from './records.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function open(own: Readonly<Record<string, unknown>>): Promise<Storage> {
  const storage = await createStorage(storageOptions(own), { sinks: ['one'], logger: silentLogger, env: {} });
  undo.push(() => storage.close());
  return storage;
}

const record = (storage: Storage, version: number) =>
  storage.incidents.record([change({ id: 'out', version })], messageOf);
const versions = async (storage: Storage) =>
  (await storage.incidents.changesOf('out')).map(({ incident }) => incident.version);
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 50 });

test('while PostgreSQL is away changes are secured in the journal, and follow in order when it is back', async () => {
  const postgres: Program = await startPostgres();
  undo.push(() => postgres.remove());
  const dataDir = tempFolder();
  undo.push(() => rmSync(dataDir, { recursive: true }));
  const storage = await open({ dataDir, url: postgres.url, timeout: 1 });
  const told: number[] = [];
  storage.on('recorded', (changes) => told.push(...changes.map(({ incident }) => incident.version)));
  expect(await record(storage, 1)).toHaveLength(1);

  await postgres.kill();
  for (const version of [2, 3, 4]) expect(await record(storage, version)).toEqual([]);
  await storage.audit.append({
    at: 1,
    actor: change({ id: 'x' }).by,
    action: 'call.started',
    subject: 'call/1',
    data: {},
  });
  expect(storage.health()).toMatchObject({ state: 'journalling', journalled: 4, unsecured: 0 });
  await expect(storage.incidents.open()).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    retryable: true,
  });

  await postgres.start();
  await until(() => expect(storage.health().state).toBe('ok'));
  expect(await versions(storage)).toEqual([1, 2, 3, 4]);
  expect(told).toEqual([1, 2, 3, 4]);
  expect((await storage.audit.entries(4, 10)).map(({ action }) => action)).toEqual(['call.started']);
  expect(await record(storage, 5)).toHaveLength(1);
  expect(storage.health()).toMatchObject({ journalled: 0, reason: undefined });
});

test('a service that starts without its database takes records all the same', async () => {
  const postgres: Program = await startPostgres();
  undo.push(() => postgres.remove());
  await postgres.kill();
  const dataDir = tempFolder();
  undo.push(() => rmSync(dataDir, { recursive: true }));
  const storage = await open({ dataDir, url: postgres.url, timeout: 1 });
  expect(storage.health().state).toBe('journalling');
  await record(storage, 1);
  await storage.close();

  const again = await open({ dataDir, url: postgres.url, timeout: 1 });
  expect(again.health().journalled).toBe(1);
  await postgres.start();
  await until(() => expect(again.health().state).toBe('ok'));
  expect(await versions(again)).toEqual([1]);
});

test('a second process is kept out of a data folder, in words', async () => {
  const dataDir = tempFolder();
  undo.push(() => rmSync(dataDir, { recursive: true }));
  // Whether the database answers is of no account.
  await open({ dataDir, url: 'postgres://127.0.0.1:1/nowhere' });
  await expect(
    createStorage(storageOptions({ dataDir }), { sinks: [], logger: silentLogger }),
  ).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(`in use by process ${process.pid}`),
  });
});

/** Mounting needs root; elsewhere there is no honest way to fill a disk. */
test.skipIf(process.getuid?.() !== 0)(
  'with the disk full nothing is dropped, the operator is told, and the oldest clips of closed incidents make room',
  async () => {
    const disk = mkdtempSync(join(tmpdir(), 'cabinwatch-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', disk]);
    undo.push(() => {
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    });
    const storage = await open({ dataDir: join(disk, 'data') });
    const states: string[] = [];
    storage.on('state', ({ state }) => states.push(state));
    await record(storage, 1);
    const old = await storage.media.save(
      { kind: 'clip', liftId: 'l', incidentId: undefined, takenAt: 1, mime: 'video/mp4' },
      new Uint8Array(4e6),
    );
    const needed = await storage.media.save(
      { kind: 'clip', liftId: 'l', incidentId: 'out', takenAt: 0, mime: 'video/mp4' },
      new Uint8Array(1e6),
    );
    const filler = join(disk, 'filler');
    fill(disk, filler);

    const clip = await storage.media.save(
      { kind: 'clip', liftId: 'l', incidentId: 'out', takenAt: 2, mime: 'video/mp4' },
      new Uint8Array(1e6),
    );
    expect(await storage.media.item(old.id)).toBeUndefined();
    expect(await storage.media.read(needed.id)).toHaveLength(1e6);
    expect(await storage.media.read(clip.id)).toHaveLength(1e6);
    expect(storage.health().mediaRemovedEarly).toBe(1);

    fill(disk, `${filler}2`);
    let [last, secured] = [1, 1];
    // The write-ahead log has some room in its files: until that is used up, all is well.
    while (storage.health().state !== 'unsecured' && last < 5000) {
      last += 1;
      void record(storage, last).then(() => {
        secured += 1;
      });
      await sleep(2);
    }
    expect(storage.health()).toMatchObject({ state: 'unsecured' });
    expect(storage.health().unsecured).toBeGreaterThan(0);
    expect(secured).toBeLessThan(last);

    rmSync(filler);
    rmSync(`${filler}2`);
    await until(() => expect(storage.health().state).toBe('ok'));
    await until(() => expect(secured).toBe(last));
    expect(await versions(storage)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    expect(states).toContain('unsecured');
    console.log(`storage: disk full: ${last} changes, none missing`);
  },
);

function fill(disk: string, file: string): void {
  for (;;) {
    const { bavail, bsize } = statfsSync(disk);
    if (bavail === 0) return;
    writeFileSync(file, new Uint8Array(bavail * bsize), { flag: 'a' });
  }
}
