import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFaultProxy } from '../../fixtures/fault-proxy.ts';
import { AAC, picture, type RtspServer, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, temporaryFolder, until, watch } from './harness.ts';

const run = promisify(execFile);
const cleanup = new Cleanup();
let server: RtspServer;
let folder: string;

beforeAll(async () => {
  server = await startRtspServer();
  cleanup.add(() => server.kill());
  await server.mount({ path: '/cam', launch: picture({ audio: AAC }) });
  folder = await temporaryFolder(cleanup);
});
afterAll(() => cleanup.run());

async function durationOf(path: string): Promise<number> {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    path,
  ]);
  return Number(stdout);
}

describe.concurrent('a clip', () => {
  it('shows by default 5 s before its event and 10 s after, and plays before it is wholly loaded', async () => {
    const { camera, pictures } = watch(cleanup, { url: `rtsp://127.0.0.1:${server.port}/cam` });
    await until(camera, 'online', 30_000);
    // Its first seconds come in a burst, the longer the busier the machine: the clip begins after them.
    await vi.waitFor(() => expect((pictures.at(-1) ?? 0) - (pictures[0] ?? 0)).toBeGreaterThan(8000), {
      timeout: 30_000,
    });
    const at = Date.now();
    const path = join(folder, 'default.mp4');
    const making = camera.clip({ at, path });
    expect(await readdir(folder)).not.toContain('default.mp4');
    const clip = await making;
    const seconds = await durationOf(path);
    note('clip', {
      seconds,
      'from ms': clip.from - at,
      'to ms': clip.to - at,
      'ready after ms': Date.now() - at,
      kB: clip.bytes / 1000,
    });
    expect(clip.complete).toBe(true);
    // Ten seconds after, five before and up to one key-frame interval of one second more.
    expect(seconds).toBeGreaterThan(14);
    expect(seconds).toBeLessThan(17);
    expect(at - clip.from).toBeGreaterThanOrEqual(5000);
    expect(at - clip.from).toBeLessThan(7000);
    expect(clip.to - at).toBeGreaterThan(9000);
    expect(clip.to - at).toBeLessThanOrEqual(10_000);
    // What it plays is as long as that, but for pictures that a busy machine hands on a little late.
    expect(Math.abs(seconds * 1000 - (clip.to - clip.from))).toBeLessThan(2000);
    const bytes = await readFile(path);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-show_entries',
      'format_tags=creation_time',
      '-of',
      'csv=p=0',
      path,
    ]);
    expect(Math.abs(Date.parse(stdout.trim()) - clip.from)).toBeLessThan(1100);
  }, 90_000);

  it('of a camera that dies meanwhile shows what there was, and says that it is not complete', async () => {
    const proxy = await startFaultProxy(server.port);
    cleanup.add(() => proxy.close());
    const { camera, pictures } = watch(cleanup, { url: `rtsp://127.0.0.1:${proxy.port}/cam` });
    await until(camera, 'online', 30_000);
    await vi.waitFor(() => expect(pictures.length).toBeGreaterThan(15), { timeout: 30_000 });
    const at = Date.now();
    const path = join(folder, 'dying.mp4');
    const making = camera.clip({ at, beforeMs: 1000, afterMs: 6000, path });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await proxy.mode('refuse');
    const clip = await making;
    expect(Date.now() - at).toBeLessThan(12_000);
    expect(clip.complete).toBe(false);
    expect(await durationOf(path)).toBeGreaterThan(1.5);
    expect(clip.to - at).toBeLessThan(5000);
  }, 90_000);

  it('is refused where there are no pictures, and given up when the camera is closed', async () => {
    const { camera, pictures } = watch(cleanup, { url: `rtsp://127.0.0.1:${server.port}/cam` });
    const hour = 3_600_000;
    const past = camera.clip({ at: Date.now() - hour, path: join(folder, 'past.mp4') });
    await expect(past).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
    await expect(camera.snapshot()).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
    await until(camera, 'online', 30_000);
    await vi.waitFor(() => expect(pictures.length).toBeGreaterThan(5), { timeout: 30_000 });
    const waiting = camera.clip({ at: Date.now(), afterMs: hour, path: join(folder, 'closed.mp4') });
    const refused = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await camera.close();
    await refused;
    await expect(camera.clip({ at: Date.now(), path: 'x' })).rejects.toMatchObject({ code: 'CLOSED' });
    expect((await readdir(folder)).filter((name) => /past|closed|part/.test(name))).toEqual([]);
  }, 90_000);
});
