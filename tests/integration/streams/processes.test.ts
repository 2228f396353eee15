import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCamera, createCameraManager } from '../../../streams/index.ts';
import { startFaultProxy } from '../../fixtures/fault-proxy.ts';
import { picture, type RtspServer, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, until, watch } from './harness.ts';

const cleanup = new Cleanup();
let server: RtspServer;
let url: string;

beforeAll(async () => {
  server = await startRtspServer();
  cleanup.add(() => server.kill());
  await server.mount({ path: '/cam', launch: picture() });
  url = `rtsp://127.0.0.1:${server.port}/cam`;
});
afterAll(() => cleanup.run());

/** Our own children, zombies included. */
async function children(parent: number = process.pid): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [, name, state, ppid] =
      /\((.*)\) (\S) (\d+)/.exec(await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')) ?? [];
    if (Number(ppid) === parent && name?.startsWith('ff')) found.push(`${pid} ${name} ${state}`);
  }
  return found;
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('leaves no process behind when cameras are closed, at whatever moment, and twice', async () => {
  for (const after of [0, 30, 300, 1200]) {
    const camera = createCamera({ cameraId: 'cam', liftId: 'lift', url });
    await new Promise((resolve) => setTimeout(resolve, after));
    await Promise.all([camera.close(), camera.close()]);
    await camera.close();
    expect(await children()).toEqual([]);
  }
}, 30_000);

it('closes within 2 s, also a camera that hangs', async () => {
  const proxy = await startFaultProxy(server.port);
  cleanup.add(() => proxy.close());
  const { camera } = watch(cleanup, { url: `rtsp://127.0.0.1:${proxy.port}/cam` });
  await until(camera, 'online', 30_000);
  await proxy.mode('hold');
  const start = performance.now();
  await camera.close();
  note('close of a hanging camera', { ms: performance.now() - start });
  expect(performance.now() - start).toBeLessThan(2000);
  expect(await children()).toEqual([]);
  // A client that takes nothing holds up the server's other clients.
  await proxy.close();
}, 60_000);

it.concurrent.each([
  ['while pictures come', 'pass'],
  ['while the camera hangs', 'hold'],
] as const)(
  'has ffmpeg end by itself when the service is killed %s',
  async (_when, mode) => {
    const proxy = await startFaultProxy(server.port);
    cleanup.add(() => proxy.close());
    const script = join(import.meta.dirname, '../../fixtures/camera-process.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, `rtsp://127.0.0.1:${proxy.port}/cam`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanup.add(() => child.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(alive(pid)).toBe(true);
    await proxy.mode(mode);
    child.kill('SIGKILL');
    const start = performance.now();
    await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 10_000, interval: 50 });
    note(`orphan ${mode}`, { 'gone after ms': performance.now() - start });
    await proxy.close();
  },
  60_000,
);

it('adds and removes cameras while it runs', async () => {
  // A stream of its own: GStreamer may still be taking down the one that the tests before left.
  await server.mount({ path: '/two', launch: picture(), running: true });
  const url = `rtsp://127.0.0.1:${server.port}/two`;
  const manager = createCameraManager({ cameras: [{ cameraId: 'a', liftId: 'lift-a', url }] });
  cleanup.add(() => manager.close());
  await vi.waitFor(() => expect(manager.list()).toHaveLength(1));
  manager.add({ cameraId: 'b', liftId: 'lift-b', url });
  expect(() => manager.add({ cameraId: 'b', liftId: 'lift-b', url })).toThrow(/already/);
  expect(() => manager.add({ cameraId: 'c', liftId: 'lift-c' })).toThrow(/exactly one of/);
  const changes: string[] = [];
  manager.on('state', ({ cameraId, state }) => changes.push(`${cameraId} ${state}`));
  await vi.waitFor(
    () =>
      expect(changes, JSON.stringify(manager.health())).toEqual(
        expect.arrayContaining(['a online', 'b online']),
      ),
    { timeout: 30_000 },
  );
  await Promise.all([manager.remove('b'), manager.remove('b'), manager.remove('none')]);
  expect(manager.health().map((h) => h.cameraId)).toEqual(['a']);
  expect(await children()).toHaveLength(1);
  await manager.close();
  await manager.close();
  expect(await children()).toEqual([]);
  expect(() => manager.add({ cameraId: 'd', liftId: 'lift-d', url })).toThrow(/closed/);
}, 60_000);

it('does not grow while a camera is away', async () => {
  // A hundred cameras that are away for a while try as often as one does in a quarter of an hour.
  const manager = createCameraManager();
  cleanup.add(() => manager.close());
  for (let k = 0; k < 100; k++)
    manager.add({ cameraId: `away-${k}`, liftId: 'lift', url: 'rtsp://127.0.0.1:9/cam' });
  const measure = async (ms: number): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  await measure(3000);
  const before = await measure(1000);
  const handles = process.getActiveResourcesInfo().length;
  const after = await measure(8000);
  note('100 cameras away for 8 s', {
    'heap growth kB': (after - before) / 1000,
    handles: process.getActiveResourcesInfo().length - handles,
  });
  expect(manager.health().every((h) => h.state === 'offline')).toBe(true);
  expect(after - before).toBeLessThan(20e6);
  expect(process.getActiveResourcesInfo().length).toBeLessThan(handles + 150);
  expect(await children()).toEqual([]);
}, 60_000);
