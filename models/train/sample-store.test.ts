import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeSamples } from './sample-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'samples-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const grid = { rows: 1, columns: 2, stride: 16 };

test('samples are made once: a stopped run goes on with what is missing', async () => {
  const made: string[] = [];
  const source = (key: string, broken = false) => ({
    key,
    make: async () => {
      if (broken) throw new Error('stopped');
      made.push(key);
      return { features: Float32Array.of(1, 2), boxes: [[1, 2, 3, 4] as const], ignored: [] };
    },
  });
  const options = { folder, grid, channels: 1 };
  await expect(storeSamples([source('a'), source('b', true)], options)).rejects.toThrow('stopped');
  const set = await storeSamples([source('a'), source('b')], options);
  expect(made).toEqual(['a', 'b']);
  expect(await set.read(1)).toEqual({ features: Float32Array.of(1, 2), boxes: [[1, 2, 3, 4]], ignored: [] });
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});
