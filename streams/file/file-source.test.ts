import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mediaFixture, testVideo } from '../../tests/fixtures/media.ts';
import { createFileSource, type FileSourceOptions } from './file-source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-file-'));
});

interface Seen {
  readonly ts: number[];
  readonly sizes: Set<string>;
  readonly hashes: string[];
}

async function readAll(options: Omit<FileSourceOptions, 'liftId'>): Promise<Seen> {
  const source = await createFileSource({ liftId: 'lift-1', ...options });
  const seen: Seen = { ts: [], sizes: new Set(), hashes: [] };
  for await (const frame of source.frames(new AbortController().signal)) {
    seen.ts.push(frame.ts);
    seen.sizes.add(`${frame.width}x${frame.height}`);
    seen.hashes.push(createHash('sha1').update(frame.data).digest('hex'));
    frame.close();
  }
  return seen;
}

/** The number of coloured squares differs, so that decoded pictures can be told apart. */
const distinct = (hashes: readonly string[]): number => new Set(hashes).size;

describe('createFileSource', () => {
  it('yields the picture of every k/fps second of media time', async () => {
    const path = await testVideo({ fps: 10, seconds: 2 });
    const seen = await readAll({ path, fps: 5 });
    expect(seen.ts).toEqual(Array.from({ length: 10 }, (_, k) => k * 200));
    expect([...seen.sizes]).toEqual(['320x180']);
    expect(distinct(seen.hashes)).toBe(10);
  });

  it('gives the same bytes each time', async () => {
    const path = await testVideo({ fps: 15, seconds: 2 });
    expect(await readAll({ path, fps: 4 })).toEqual(await readAll({ path, fps: 4 }));
  });

  it('does not multiply pictures of a file slower than asked for', async () => {
    const path = await testVideo({ fps: 2, seconds: 3 });
    const seen = await readAll({ path, fps: 5 });
    expect(seen.ts).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  });

  it('scales to the width asked for and keeps the aspect', async () => {
    const path = await testVideo({ size: '1280x720', fps: 5, seconds: 1 });
    expect([...(await readAll({ path, width: 320 })).sizes]).toEqual(['320x180']);
  });

  it('makes odd sizes even', async () => {
    const encode = ['-c:v', 'mpeg4'];
    const path = await testVideo({ size: '635x357', fps: 5, seconds: 1, encode, extension: 'mkv' });
    expect([...(await readAll({ path })).sizes]).toEqual(['634x356']);
  });

  it.each([
    [
      'H.265 with B-frames',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'bframes=3:log-level=none'],
    ],
    ['H.264 with B-frames', ['-c:v', 'libx264', '-preset', 'fast', '-bf', '3']],
    ['variable frame rate', ['-vf', "select='not(mod(n\\,3))+lt(n\\,6)'", '-fps_mode', 'vfr']],
  ])('keeps its times with %s', async (_name, encode) => {
    const path = await testVideo({ fps: 12, seconds: 2, encode });
    const { ts } = await readAll({ path, fps: 4 });
    expect(ts.slice(0, 7)).toEqual([0, 250, 500, 750, 1000, 1250, 1500]);
  });

  it('holds the file back while the consumer is busy, and drops nothing', async () => {
    const path = await testVideo({ size: '640x360', fps: 10, seconds: 6 });
    const source = await createFileSource({ path, liftId: 'lift-1', fps: 10 });
    const seen: number[] = [];
    for await (const frame of source.frames(new AbortController().signal)) {
      seen.push(frame.ts);
      frame.close();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen).toHaveLength(60);
  });

  it('ends when aborted', async () => {
    const path = await testVideo({ fps: 10, seconds: 6 });
    const source = await createFileSource({ path, liftId: 'lift-1', fps: 10 });
    const abort = new AbortController();
    let count = 0;
    for await (const frame of source.frames(abort.signal)) {
      frame.close();
      if (++count === 3) abort.abort();
    }
    expect(count).toBe(3);
  });
});

describe('createFileSource refuses', () => {
  const open = (path: string) => createFileSource({ path, liftId: 'lift-1' });

  it('what is not there', async () => {
    await expect(open(join(folder, 'none.mp4'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });

  it('a folder', async () => {
    await expect(open(folder)).rejects.toMatchObject({ code: 'INPUT_NOT_VIDEO' });
  });

  it('an empty file', async () => {
    const path = join(folder, 'empty.mp4');
    await writeFile(path, '');
    await expect(open(path)).rejects.toMatchObject({ code: 'INPUT_EMPTY' });
  });

  it('a file that is not media', async () => {
    const path = join(folder, 'text.mp4');
    await writeFile(path, 'not a video at all\n'.repeat(200));
    await expect(open(path)).rejects.toMatchObject({ code: 'INPUT_NOT_VIDEO' });
  });

  it('sound alone', async () => {
    const path = await mediaFixture('m4a', ['-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac']);
    await expect(open(path)).rejects.toMatchObject({
      code: 'INPUT_NOT_VIDEO',
      message: expect.stringContaining('sound'),
    });
  });

  it.each([
    ['an MP4 without its index', 'mp4', [], 0.5],
    ['an MP4 cut in its pictures', 'mp4', ['-movflags', '+faststart'], 0.5],
    ['a Matroska file cut in half', 'mkv', [], 0.5],
  ])('%s', async (name, extension, extra, share) => {
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', ...extra];
    const whole = await readFile(await testVideo({ fps: 10, seconds: 8, encode, extension }));
    const path = join(folder, `${name.replaceAll(' ', '-')}.${extension}`);
    await writeFile(path, whole.subarray(0, Math.floor(whole.length * share)));
    await expect(open(path)).rejects.toMatchObject({
      code: 'INPUT_TRUNCATED',
      message: expect.stringContaining(path),
    });
  });
});
