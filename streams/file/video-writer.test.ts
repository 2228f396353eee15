import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inspectFile } from './inspect-file.ts';
import { createVideoWriter } from './video-writer.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'video-writer-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const SIZE = { width: 64, height: 48 };

it('writes an H.264 MP4 of the size and length it was given', async () => {
  const path = join(folder, 'out.mp4');
  const writer = createVideoWriter({ path, size: SIZE, fps: 10 });
  for (let k = 0; k < 30; k++) await writer.write(new Uint8Array(64 * 48 * 3).fill(k * 8));
  await writer.finish();
  const { video, durationMs } = await inspectFile(path);
  expect(video).toMatchObject({ codec: 'h264', width: 64, height: 48 });
  expect(durationMs).toBeCloseTo(3000, -2);
});

it('says why it cannot write', async () => {
  const writer = createVideoWriter({ path: join(folder, 'missing', 'out.mp4'), size: SIZE, fps: 10 });
  const all = (async () => {
    for (let k = 0; k < 200; k++) await writer.write(new Uint8Array(64 * 48 * 3));
    await writer.finish();
  })();
  await expect(all).rejects.toMatchObject({
    code: 'OUTPUT_FAILED',
    message: expect.stringContaining('No such file'),
  });
});
