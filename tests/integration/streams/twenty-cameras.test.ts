import { readFile } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { createCameraManager } from '../../../streams/index.ts';
import { startFaultProxy } from '../../fixtures/fault-proxy.ts';
import { picture, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, until } from './harness.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

const CAMERAS = 20;
const MOUNTS = 5;
/** Pictures per second that the cameras send and the analysis takes. */
const FPS = 5;

/**
 * Twenty cameras of five pictures a second. One hangs, one floods and one dies at the same moment; the rate of each of
 * the other seventeen is compared with its own before.
 */
it('keeps seventeen cameras as they are while one hangs, one floods and one dies', async () => {
  const server = await startRtspServer();
  cleanup.add(() => server.kill());
  for (let k = 0; k < MOUNTS; k++) await server.mount({ path: `/${k}`, launch: picture({ fps: FPS }) });
  const faulty = await Promise.all([startRtspServer(), startRtspServer()]);
  const [flooding, dying] = faulty;
  for (const own of faulty) {
    cleanup.add(() => own.kill());
    await own.mount({ path: '/cam', launch: picture({ fps: FPS }) });
  }
  const proxy = await startFaultProxy(server.port);
  cleanup.add(() => proxy.close());
  const urls = [
    `rtsp://127.0.0.1:${proxy.port}/0`,
    `rtsp://127.0.0.1:${flooding.port}/cam`,
    `rtsp://127.0.0.1:${dying.port}/cam`,
    ...Array.from({ length: CAMERAS - 3 }, (_, k) => `rtsp://127.0.0.1:${server.port}/${k % MOUNTS}`),
  ];
  const manager = createCameraManager({
    cameras: urls.map((url, k) => ({ cameraId: `cam-${k}`, liftId: `lift-${k}`, url, fps: 10 })),
    staggerMs: 150,
  });
  cleanup.add(() => manager.close());
  await vi.waitFor(() => expect(manager.list()).toHaveLength(CAMERAS), { timeout: 15_000 });
  const counts = count(manager.list());
  cleanup.add(() => counts.stop());
  const all = manager.list();
  await Promise.all(all.map((camera) => until(camera, 'online', 60_000)));
  const healthy = all.slice(3);
  const lost: string[] = [];
  for (const camera of healthy) {
    camera.on('state', ({ cameraId, state }) => {
      if (state === 'offline') lost.push(cameraId);
    });
  }

  const before = await counts.rates(6000);
  const reconnects = healthy.map((camera) => camera.health().reconnects);
  const start = performance.now();
  await Promise.all([
    proxy.mode('hold'),
    flooding.set('/cam', 'rate', 'caps', 'video/x-raw,framerate=200/1'),
    dying.kill(),
  ]);
  const [hung, flooded, dead] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
  const offline = Promise.all([until(hung, 'offline', 10_000), until(dead, 'offline', 10_000)]);
  const during = await counts.rates(10_000);
  const [hungAfter, deadAfter] = await offline;
  await vi.waitFor(() => expect(flooded.health().error?.code).toBe('CAMERA_FLOODING'), { timeout: 10_000 });

  const ratios = healthy.map((_, k) => (during[k + 3] ?? 0) / (before[k + 3] ?? 1));
  const sum = (values: readonly number[]): number => values.slice(3).reduce((a, b) => a + b, 0);
  const rss = await memoryOf(all.map((camera) => camera.pid));
  note('20 cameras', {
    'offline (hangs) ms': hungAfter,
    'offline (dies) ms': deadAfter,
    'others before fps': (sum(before) / healthy.length).toFixed(2),
    'others during fps': (sum(during) / healthy.length).toFixed(2),
    'worst ratio': Math.min(...ratios).toFixed(3),
    'seconds of faults': (performance.now() - start) / 1000,
    'ffmpeg MB each': rss,
  });
  expect(sum(during) / sum(before)).toBeGreaterThan(0.95);
  expect(Math.min(...ratios)).toBeGreaterThan(0.8);
  expect(healthy.map((camera) => camera.health().reconnects)).toEqual(reconnects);
  expect(lost).toEqual([]);
}, 180_000);

function count(cameras: ReturnType<ReturnType<typeof createCameraManager>['list']>) {
  const abort = new AbortController();
  const totals = cameras.map(() => 0);
  cameras.forEach(async (camera, k) => {
    for await (const frame of camera.frames(abort.signal)) {
      totals[k] = (totals[k] ?? 0) + 1;
      frame.close();
    }
  });
  return {
    stop: () => abort.abort(),
    async rates(ms: number): Promise<number[]> {
      const from = [...totals];
      const start = performance.now();
      await new Promise((resolve) => setTimeout(resolve, ms));
      const seconds = (performance.now() - start) / 1000;
      return totals.map((total, k) => (total - (from[k] ?? 0)) / seconds);
    },
  };
}

async function memoryOf(pids: readonly (number | undefined)[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
      return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
    }),
  );
  const present = sizes.filter((size) => size > 0);
  return present.reduce((a, b) => a + b, 0) / Math.max(1, present.length);
}
