import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type AuditInput, CabinwatchError, ManualClock, silentLogger } from '../../core/index.ts';
import { Journal } from './journal.ts';
import { RecordWriter } from './record-writer.ts';
import type { Work } from './work.ts';

let folder: string;
let writer: RecordWriter;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-writer-'));
});
afterEach(async () => {
  await writer.close();
  rmSync(folder, { recursive: true });
});

const work = (key: string): Work => ({ kind: 'audit', key, entry: { at: 1 } as AuditInput });
const keys = (works: readonly Work[]): string[] =>
  works.map((one) => (one.kind === 'audit' ? one.key : one.kind));
const away = (): never => {
  throw new CabinwatchError('STORAGE_UNAVAILABLE', 'away');
};
const spoilt = (): never => {
  throw Object.assign(new Error('invalid text'), { code: '22021' });
};

interface FakeDatabase {
  up: boolean;
  readonly written: string[][];
}

async function open(journalFolder = folder): Promise<FakeDatabase> {
  const database: FakeDatabase = { up: true, written: [] };
  writer = new RecordWriter({
    commit: async (works) => {
      if (!database.up) away();
      if (keys(works).includes('bad')) spoilt();
      database.written.push(keys(works));
      return { recorded: [], fresh: [] };
    },
    probe: async () => (database.up ? undefined : away()),
    journal: new Journal(join(journalFolder, 'pending.jsonl')),
    refused: new Journal(join(folder, 'refused.jsonl')),
    clock: new ManualClock(),
    logger: silentLogger,
  });
  await writer.start();
  return database;
}

test('what comes together is written together', async () => {
  const database = await open();
  await Promise.all(['a', 'b', 'c', 'd'].map((key) => writer.submit([work(key)])));
  expect(database.written).toEqual([['a', 'b', 'c', 'd']]);
});

test('a work that no database can hold is refused alone; from the journal it is set aside', async () => {
  const database = await open();
  const all = await Promise.allSettled(['a', 'bad', 'c'].map((key) => writer.submit([work(key)])));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);

  database.up = false;
  await writer.submit([work('d')]);
  await writer.submit([work('bad'), work('e')]);
  database.up = true;
  await vi.waitFor(() => expect(writer.health().state).toBe('ok'), 5000);
  expect(database.written.flat()).toEqual(['a', 'c', 'd', 'e']);
  expect(readFileSync(join(folder, 'refused.jsonl'), 'utf8')).toContain('"bad"');
});

test('with neither database nor journal works are held, in order, and told of', async () => {
  // A folder that cannot be made: its name is a device.
  const database = await open('/dev/null/journal');
  database.up = false;
  let secured = 0;
  const all = ['a', 'b'].map((key) => writer.submit([work(key)]).then(() => (secured += 1)));
  await vi.waitFor(() => expect(writer.health()).toMatchObject({ state: 'unsecured', unsecured: 2 }), 5000);
  expect(secured).toBe(0);
  database.up = true;
  await Promise.all(all);
  expect(database.written.flat()).toEqual(['a', 'b']);
  await vi.waitFor(() => expect(writer.health()).toMatchObject({ state: 'ok', unsecured: 0 }), 5000);
});

test('closing secures what is on its way, and takes nothing more', async () => {
  const database = await open();
  database.up = false;
  const last = writer.submit([work('last')]);
  await writer.close();
  await last;
  expect(existsSync(join(folder, 'pending.jsonl'))).toBe(true);
  await expect(writer.submit([work('late')])).rejects.toMatchObject({ code: 'CLOSED' });
});
