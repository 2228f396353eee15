import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkStorage } from './check-storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-doctor-'));
const use = (dataDir: string, url?: string) => ({ dataDir, url, timeout: 1 });

test('a folder that can be written to, and one that is yet to be made, are fine and left as they are', async () => {
  const [there, disk] = await checkStorage(use(folder));
  expect(there).toMatchObject({ id: 'data-folder', level: 'ok' });
  expect(disk).toMatchObject({ id: 'disk', facts: { folder } });
  const [made] = await checkStorage(use(join(folder, 'a', 'b')));
  expect(made?.text.en).toMatch(/a\/b can be made$/);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('a folder that cannot be written to is told with what to do', async () => {
  const [finding] = await checkStorage(use('/proc/cabinwatch'));
  expect(finding).toMatchObject({ level: 'change', facts: { folder: '/proc/cabinwatch' } });
  expect(finding?.remedy?.en).toContain('storage.dataDir');
});

test('a database that is away is told, without its password', async () => {
  const found = await checkStorage(use(tmpdir(), 'postgres://wang:hunter2secret@127.0.0.1:9/cabinwatch'));
  expect(found.at(-1)).toMatchObject({ id: 'database', level: 'change' });
  expect(JSON.stringify(found)).not.toContain('hunter2secret');
});
