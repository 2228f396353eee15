import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/cabinwatch.js', import.meta.url));
const CLIPS = fileURLToPath(new URL('../../datasets/synthetic/clips/', import.meta.url));
const generator = fileURLToPath(new URL('../../datasets/synthetic/node_modules/three', import.meta.url));
const ready = existsSync(generator) && existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium');
if (!ready) console.warn('skipped: drawing needs "npm ci --prefix datasets/synthetic" and Chromium');

const folder = (): string => mkdtempSync(join(tmpdir(), 'cabinwatch-datasets-'));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const datasets = (...args: string[]): Promise<Ended> => datasetsWith(process.env, ...args);

function datasetsWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'datasets', ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

it('tells every mistake of a scenario with its path, what was expected and what was found', async () => {
  const file = join(folder(), 'bad.yaml');
  writeFileSync(file, 'name: bad\nduration: 5\ncabin: {walls: gold}\ncamera: {hfov: 20}\n');
  const { code, err } = await datasets('synth', file, '--out', folder());
  expect(code).toBe(2);
  expect(err).toMatch(/cabin\.walls: expected one of steel.*found "gold"/);
  expect(err).toMatch(/camera\.hfov: expected: must be >= 50, found 20/);
});

it('wants either scenarios or a number of random cabins', async () => {
  const out = folder();
  expect(await datasets('synth', '--out', out)).toMatchObject({ code: 2 });
  expect(await datasets('synth', 'a.yaml', '--random', '3', '--out', out)).toMatchObject({ code: 2 });
  expect(await datasets('synth', '--random', '0', '--out', out)).toMatchObject({ code: 2 });
});

it('exports a clip as labelled pictures', async () => {
  const out = folder();
  const { code, err } = await datasets('export', join(CLIPS, 'fall'), '--out', out, '--every', '100');
  expect(code).toBe(0);
  expect(err).toContain('fall: 5 pictures');
  expect(readdirSync(join(out, 'images'))).toHaveLength(5);
});

it.skipIf(!ready)(
  'draws random cabins in two processes, and what one process draws again is the same',
  async () => {
    const [two, one] = [folder(), folder()];
    const synth = (out: string, workers: string) =>
      datasets('synth', '--random', '2', '--seed', '11', '--out', out, '--workers', workers, '--preview');
    expect(await synth(two, '2')).toMatchObject({ code: 0 });
    expect(existsSync(join(two, 'preview.jpg'))).toBe(true);
    const again = await synth(two, '2');
    expect(again.out).toContain('2 were there already');
    expect(await synth(one, '1')).toMatchObject({ code: 0 });
    for (const name of readdirSync(join(two, 'truth')))
      expect(readFileSync(join(one, 'truth', name), 'utf8')).toBe(
        readFileSync(join(two, 'truth', name), 'utf8'),
      );
  },
  300_000,
);

it('says what drawing needs that is not there, however many processes draw', async () => {
  const env = { ...process.env, CHROMIUM: join(folder(), 'no-chromium') };
  const args = ['synth', '--random', '4', '--out', folder(), '--workers'];
  for (const workers of ['1', '2']) {
    const { code, err } = await datasetsWith(env, ...args, workers);
    expect(code).not.toBe(0);
    expect(err).toContain('npm ci --prefix datasets/synthetic');
  }
}, 60_000);
