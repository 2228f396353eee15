import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createMediaServer, type MediaServer } from '../../../streams/index.ts';
import { testVideo } from '../../fixtures/media.ts';
import { Cleanup, note, temporaryFolder, until, watch } from './harness.ts';

const cleanup = new Cleanup();
let media: MediaServer;
let file: string;

beforeAll(async () => {
  media = await createMediaServer({ rtmpPort: 0, httpPort: 0 });
  cleanup.add(() => media.close());
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-bf', '2', '-c:a', 'aac'];
  file = await testVideo({ size: '192x108', fps: 10, seconds: 4, encode });
});
afterAll(() => cleanup.run());

/** ffmpeg as the camera behind NAT. */
function push(cameraId: string, key: string): ChildProcess {
  const url = `rtmp://127.0.0.1:${media.rtmpPort}/live/${cameraId}?key=${key}`;
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440'];
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-re',
    '-stream_loop',
    '-1',
    '-i',
    file,
    ...sound,
    '-map',
    '0:v',
    '-map',
    '1:a',
  ];
  const child = spawn('ffmpeg', [...args, '-c:v', 'copy', '-c:a', 'aac', '-f', 'flv', url], {
    stdio: 'ignore',
  });
  cleanup.add(() => stop(child));
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('a camera that pushes is seen, lost, and seen again', async () => {
  const { camera, sizes, pictures } = watch(
    cleanup,
    { cameraId: 'push-1', publishKey: 'key-of-push-1' },
    { media },
  );
  await until(camera, 'offline', 10_000);
  expect(camera.health().error?.reason).toBe('not-pushing');
  const started = performance.now();
  const first = push('push-1', 'key-of-push-1');
  await until(camera, 'online', 15_000);
  const seenAfter = performance.now() - started;
  await vi.waitFor(() => expect(pictures.length).toBeGreaterThan(15), { timeout: 15_000 });
  const folder = await temporaryFolder(cleanup);
  const clip = await camera.clip({
    at: Date.now(),
    beforeMs: 1000,
    afterMs: 1000,
    path: `${folder}/clip.mp4`,
  });
  expect(clip.bytes).toBeGreaterThan(2000);
  expect(camera.info).toMatchObject({ video: { codec: 'h264', bFrames: 2 }, audio: { codec: 'aac' } });
  expect([...sizes]).toEqual(['192x108']);
  await stop(first);
  const offlineAfter = await until(camera, 'offline', 10_000);
  const again = performance.now();
  push('push-1', 'key-of-push-1');
  await until(camera, 'online', 15_000);
  note('push', {
    'seen after ms': seenAfter,
    'offline after ms': offlineAfter,
    'back after ms': performance.now() - again,
  });
}, 90_000);

it('a file plays over and over as if it were a camera, and HTTP-FLV is one too', async () => {
  const short = await testVideo({ size: '192x108', fps: 10, seconds: 2 });
  const played = watch(cleanup, { cameraId: 'file-1', file: short }, { media });
  await until(played.camera, 'online', 15_000);
  const { path } = played.camera.permitPlay();
  const viewer = watch(cleanup, { cameraId: 'http-1', url: `http://127.0.0.1:${media.httpPort}${path}` });
  await until(viewer.camera, 'online', 15_000);
  expect(viewer.camera.where).not.toContain(path.split('=')[1]);
  // Five pictures a second: 25 are more than two rounds of the file.
  await vi.waitFor(() => expect(played.pictures.length).toBeGreaterThan(25), { timeout: 20_000 });
  expect(played.camera.health()).toMatchObject({ state: 'online', reconnects: 0 });
  expect([...viewer.sizes]).toEqual(['192x108']);
}, 60_000);

it('a camera that pushes with the wrong key is refused and stays offline', async () => {
  const { camera } = watch(cleanup, { cameraId: 'push-2', publishKey: 'key-of-push-2' }, { media });
  const refused = vi.fn();
  cleanup.add(media.on('refused', refused));
  const child = push('push-2', 'key-of-push-1');
  await once(child, 'exit');
  await vi.waitFor(() =>
    expect(refused).toHaveBeenCalledWith(expect.objectContaining({ cameraId: 'push-2' })),
  );
  expect(camera.health().state).toBe('offline');
}, 30_000);

it('a camera that is removed is cut off, and its key is worth nothing any more', async () => {
  const { camera } = watch(cleanup, { cameraId: 'push-3', publishKey: 'key-of-push-3' }, { media });
  const child = push('push-3', 'key-of-push-3');
  await until(camera, 'online', 15_000);
  const ended = once(child, 'exit');
  await camera.close();
  await ended;
  await once(push('push-3', 'key-of-push-3'), 'exit');
}, 60_000);
