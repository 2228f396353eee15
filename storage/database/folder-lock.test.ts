import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a folder is held by one, until it is released', () => {
  const lock = lockFolder(folder, 'Stop that one.');
  expect(() => lockFolder(folder, 'Stop that one.')).toThrow(`in use by process ${process.pid}`);
  lock.release();
  lock.release();
  lockFolder(folder, 'Stop that one.').release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['a process that has ended', '999999999 boot/1'],
  ['another process under the same number', `${process.pid} boot/1`],
  ['nobody that can be read', 'garbage'],
])('the lock of %s is taken over', (_, content) => {
  writeFileSync(join(folder, 'in-use-by'), content);
  const lock = lockFolder(folder, 'Stop that one.');
  expect(() => lockFolder(folder, 'Stop that one.')).toThrow('in use by process');
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});
