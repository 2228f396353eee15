import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../core/index.ts';
import { CLIP_SECONDS, cabinClip } from './cabin-clip.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-demo-'));
  const counts = [
    { t: 0, inside: 0 },
    { t: 4.3, inside: 1 },
    { t: 11.7, inside: 0 },
  ];
  await addClip('true', { counts, events: [] });
  await addClip('untrue', { counts, events: [{ kind: 'fall', start: 5, end: 12 }] });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function addClip(name: string, summary: unknown): Promise<void> {
  await mkdir(join(folder, name));
  await copyFile(await cabinClip(), join(folder, name, 'clip.mp4'));
  const header = { format: 'cabinwatch-truth/1', name, seed: 1, fps: 10, width: 640, height: 360 };
  const truth = [{ ...header, duration: CLIP_SECONDS }, { summary }];
  await writeFile(join(folder, name, 'truth.jsonl.gz'), gzipSync(jsonLines(truth)));
  // A ride in which nothing is wrong.
  const standing = {
    door: 'closed',
    doorZone: true,
    floor: 1,
    direction: 'none',
    speed: 0,
    mode: 'normal',
    faults: [],
  };
  const said = Array.from({ length: CLIP_SECONDS }, (_, t) => ({ t, ...standing, alarmButton: false }));
  await writeFile(join(folder, name, 'controller.jsonl'), jsonLines(said));
  await writeFile(join(folder, name, 'scenario.yaml'), JSON.stringify({ name, duration: CLIP_SECONDS }));
}

const jsonLines = (values: readonly unknown[]): string => values.map((v) => JSON.stringify(v)).join('\n');

function demo(...args: string[]): { child: ChildProcess; text: () => string; exit: Promise<number | null> } {
  const command = [join(projectRoot(), 'bin/cabinwatch.js'), 'demo', '--clips', folder, ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return { child, text: () => text, exit: once(child, 'close').then(([code]) => code as number | null) };
}

describe('cabinwatch demo', () => {
  it('--once tells which clips agree with their truth, and by its exit whether all do', async () => {
    const { text, exit } = demo('--once', '--json', '--port', '0');
    expect(await exit).toBe(1);
    const verdicts = text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(verdicts.map(({ clip, agrees }) => [clip, agrees])).toEqual([
      ['true', true],
      ['untrue', false],
    ]);
    expect(verdicts[0].findings).toMatchObject([{ expected: 'nothing', got: 'nothing', agrees: true }]);
    expect(verdicts[1].findings).toMatchObject([{ expected: 'fall', got: 'nothing', agrees: false }]);
  }, 120_000);

  it('moves to a free port, tells what happens, and ends at once when interrupted', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { child, text, exit } = demo('--port', String(port), '--lang', 'zh');
    await expect.poll(text, { timeout: 60_000 }).toMatch(/人数 0 → 1/);
    expect(text()).toContain(`端口 ${port} 已被占用`);
    const address = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text());
    expect((await fetch(`${address?.[0]}/healthz`)).status).toBe(200);
    const asked = performance.now();
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5000);
    taken.close();
  }, 120_000);

  it('says what is missing when there are no clips', async () => {
    const { exit } = demo('--clips', join(folder, 'none'));
    expect(await exit).toBe(2);
  }, 30_000);
});
