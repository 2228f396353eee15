import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile } from '../../../streams/index.ts';

const CLI = join(import.meta.dirname, '../../../bin/cabinwatch.js');
const CLIP = join(import.meta.dirname, '../../../datasets/synthetic/clips/fall/clip.mp4');

interface Run {
  readonly code: number;
  readonly stderr: string;
}

/** Runs the real command as a user would, from another folder. */
function cabinwatch(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd: folder }, (error, _stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stderr });
    });
  });
}

function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyze-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function linesOf(file: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('cabinwatch analyze', { timeout: 240_000 }, () => {
  it('gives the same bytes for the same video, the time it took aside', async () => {
    ffmpeg('-i', CLIP, '-t', '24', '-c', 'copy', 'fallen.mp4');
    const first = await cabinwatch('analyze', 'fallen.mp4', '--out', 'first.jsonl', '--fps', '5');
    const second = await cabinwatch('analyze', 'fallen.mp4', '--out', 'second.jsonl', '--fps', '5');
    expect([first, second].map((run) => run.code)).toEqual([0, 0]);
    const timeless = async (file: string): Promise<string> =>
      (await readFile(join(folder, file), 'utf8')).replace(/"wallSeconds":[\d.]+/, '"wallSeconds":0');
    expect(await timeless('first.jsonl')).toBe(await timeless('second.jsonl'));
    const lines = await linesOf('first.jsonl');
    expect(lines.at(-1)).toMatchObject({ type: 'summary' });
    expect(lines.filter((line) => line.kind === 'fall' && line.phase === 'started')).toHaveLength(1);
    expect(lines.filter((line) => line.type === 'occupancy').length).toBeGreaterThanOrEqual(1);
  });

  it('draws what it saw into a video of the same length', async () => {
    ffmpeg('-i', CLIP, '-t', '4', '-c', 'copy', 'short.mp4');
    const run = await cabinwatch(
      'analyze',
      'short.mp4',
      '--out',
      'short.jsonl',
      '--annotate',
      'drawn.mp4',
      '--fps',
      '5',
    );
    expect(run).toMatchObject({ code: 0 });
    const drawn = await inspectFile(join(folder, 'drawn.mp4'));
    expect(drawn.video.codec).toBe('h264');
    expect(drawn.durationMs).toBeGreaterThan(3000);
  });

  it("takes a lift's own thresholds, and names every mistake in them", async () => {
    ffmpeg('-i', CLIP, '-t', '2', '-c', 'copy', 'brief.mp4');
    await writeFile(join(folder, 'lift.yaml'), 'id: L7\ninference:\n  fall:\n    holdSeconds: 1\n');
    await writeFile(
      join(folder, 'wrong.yaml'),
      'id: L7\ninference:\n  fall:\n    holdSecond: 1\n    headDrop: much\n',
    );
    expect(await cabinwatch('analyze', 'brief.mp4', '--out', 'a.jsonl', '--lift', 'lift.yaml')).toMatchObject(
      { code: 0 },
    );
    const wrong = await cabinwatch('analyze', 'brief.mp4', '--out', 'b.jsonl', '--lift', 'wrong.yaml');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/holdSecond: .*holdSeconds/);
    expect(wrong.stderr).toMatch(/headDrop.*expected.*found "much"/);
  });

  it('writes the incidents of controller and picture, in time order and either language', async () => {
    const clips = join(import.meta.dirname, '../../../datasets/synthetic/clips');
    const clip = join(clips, 'entrapment-between-floors');
    const args = [join(clip, 'clip.mp4'), '--controller', join(clip, 'controller.jsonl'), '--fps'];
    const runs = await Promise.all([
      cabinwatch('analyze', ...args, '4', '--out', 'trapped.jsonl'),
      cabinwatch('analyze', ...args, '1', '--out', 'zh.jsonl', '--lang', 'zh'),
    ]);
    expect(runs).toMatchObject([{ code: 0 }, { code: 0 }]);
    const lines = await linesOf('trapped.jsonl');
    const entrapment = lines.filter((line) => line.type === 'incident' && line.kind === 'entrapment');
    expect(entrapment.map(({ phase }) => phase)).toEqual(['suspected', 'confirmed']);
    expect(Object.keys(entrapment[1] ?? {})).toEqual(['type', 'kind', 'phase', 't', 'people', 'why']);
    expect(entrapment[1]?.why).toMatch(/believed to be trapped: .*between floors/);
    const times = lines.flatMap((line) => (line.type === 'summary' ? [] : [line.t as number]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const chinese = (await linesOf('zh.jsonl')).filter((line) => line.type === 'incident');
    expect(chinese.map(({ why }) => why).join()).toMatch(/判断有\d人被困/);
  });

  it('names the first bad line of a controller file', async () => {
    ffmpeg('-i', CLIP, '-t', '1', '-c', 'copy', 'second.mp4');
    await writeFile(join(folder, 'bad.jsonl'), '{"t":0,"door":"open"}\n{"t":1,"door":"ajar"}\n');
    const run = await cabinwatch('analyze', 'second.mp4', '--out', 'c.jsonl', '--controller', 'bad.jsonl');
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/bad\.jsonl, line 2: door: expected one of open.*found "ajar"/);
  });

  it('says at once that nothing can be written there', async () => {
    ffmpeg('-i', CLIP, '-t', '1', '-c', 'copy', 'good.mp4');
    const run = await cabinwatch('analyze', 'good.mp4', '--out', 'nowhere/good.jsonl');
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^cabinwatch: nowhere\/good\.jsonl can't be written: .*no such file/);
  });

  describe('refuses', () => {
    beforeAll(async () => {
      await writeFile(join(folder, 'empty.mp4'), '');
      await writeFile(join(folder, 'text.mp4'), 'this is no video\n'.repeat(100));
      ffmpeg('-f', 'lavfi', '-i', 'sine=d=2', 'sound.m4a');
      await copyFile(CLIP, join(folder, 'cut.mp4'));
      await truncate(join(folder, 'cut.mp4'), 60_000);
    });

    it.each([
      ['an empty file', 'empty.mp4', /is empty/],
      ['a file that is no video', 'text.mp4', /not a video/],
      ['sound alone', 'sound.m4a', /holds sound but no picture/],
      ['a file cut short', 'cut.mp4', /cut short/],
      ['a file that is not there', 'missing.mp4', /does not exist/],
    ])('%s with exit code 2 and one clear line', async (_, file, reason) => {
      const run = await cabinwatch('analyze', file, '--out', 'refused.jsonl');
      expect(run.code).toBe(2);
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(run.stderr).toMatch(reason);
      expect(existsSync(join(folder, 'refused.jsonl'))).toBe(false);
    });
  });
});
