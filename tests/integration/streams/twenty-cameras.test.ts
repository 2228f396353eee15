import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { type Camera, createCameraManager } from '../../../streams/index.ts';
import { startFaultProxy } from '../../fixtures/fault-proxy.ts';
import { picture, type RtspServer, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, until } from './harness.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

const CAMERAS = 20;
const FAULTY = 3;
const MOUNTS = 5;
/** Pictures per second that the cameras send. */
const FPS = 5;

const mountOf = (camera: number): string => `/${camera % MOUNTS}`;

/**
 * Twenty cameras of five pictures a second. One hangs, one floods and one dies at the same moment. What is compared,
 * for each of the other seventeen, is the share of the pictures sent that arrive: on a busy machine the sender itself
 * slows down, which is no fault of the reader.
 */
it('keeps seventeen cameras as they are while one hangs, one floods and one dies', async () => {
  const server = await startRtspServer();
  cleanup.add(() => server.kill());
  for (let k = 0; k < MOUNTS; k++)
    await server.mount({ path: mountOf(k), launch: picture({ fps: FPS }), running: true });
  const own = await Promise.all([startRtspServer(), startRtspServer()]);
  const [flooding, dying] = own;
  for (const each of own) {
    cleanup.add(() => each.kill());
    await each.mount({ path: '/cam', launch: picture({ fps: FPS }) });
  }
  const proxy = await startFaultProxy(server.port);
  cleanup.add(() => proxy.close());
  const urls = [
    `rtsp://127.0.0.1:${proxy.port}${mountOf(0)}`,
    `rtsp://127.0.0.1:${flooding.port}/cam`,
    `rtsp://127.0.0.1:${dying.port}/cam`,
    ...Array.from(
      { length: CAMERAS - FAULTY },
      (_, k) => `rtsp://127.0.0.1:${server.port}${mountOf(k + FAULTY)}`,
    ),
  ];
  // Thirty a second at most, so that pictures which come close together after a delay all count.
  const settings = urls.map((url, k) => ({ cameraId: `cam-${k}`, liftId: `lift-${k}`, url, fps: 30 }));
  const manager = createCameraManager({ cameras: settings, staggerMs: 150 });
  cleanup.add(() => manager.close());
  await vi.waitFor(() => expect(manager.list()).toHaveLength(CAMERAS), { timeout: 15_000 });
  const all = manager.list();
  const arrivals = new Arrivals(all, server);
  cleanup.add(() => arrivals.stop());
  await Promise.all(all.map((camera) => until(camera, 'online', 60_000)));
  const lost: string[] = [];
  manager.on('state', ({ cameraId, state }) => {
    if (state === 'offline') lost.push(cameraId);
  });

  const before = await arrivals.over(6000);
  const start = performance.now();
  await Promise.all([
    proxy.mode('hold'),
    flooding.set('/cam', 'rate', 'caps', 'video/x-raw,framerate=120/1'),
    dying.kill(),
  ]);
  const [hung, flooded, dead] = all as [Camera, Camera, Camera];
  const offline = Promise.all([until(hung, 'offline', 10_000), until(dead, 'offline', 10_000)]);
  const during = await arrivals.over(10_000);
  const [hungAfter, deadAfter] = await offline;
  await vi.waitFor(() => expect(flooded.health().error?.code).toBe('CAMERA_FLOODING'), { timeout: 15_000 });

  note('20 cameras', {
    'offline (hangs) ms': hungAfter,
    'offline (dies) ms': deadAfter,
    'others before fps': before.fps.toFixed(2),
    'others during fps': during.fps.toFixed(2),
    'share arrived before': before.share.toFixed(3),
    'share arrived during': during.share.toFixed(3),
    'worst of them during': Math.min(...during.shares).toFixed(3),
    'seconds of faults': (performance.now() - start) / 1000,
    'ffmpeg MB each': await memoryOf(all),
  });
  expect(during.share / before.share).toBeGreaterThan(0.95);
  expect(Math.min(...during.shares)).toBeGreaterThan(0.85);
  expect(lost.filter((id) => !['cam-0', 'cam-1', 'cam-2'].includes(id))).toEqual([]);
}, 180_000);

interface Arrived {
  /** Mean pictures per second of the healthy cameras. */
  readonly fps: number;
  /** Pictures that arrived, of those sent: all healthy cameras together, and each. */
  readonly share: number;
  readonly shares: readonly number[];
}

/** Counts what the cameras give, and what the server sends them. */
class Arrivals {
  readonly #cameras: readonly Camera[];
  readonly #server: RtspServer;
  readonly #abort = new AbortController();
  readonly #totals: number[];

  constructor(cameras: readonly Camera[], server: RtspServer) {
    this.#cameras = cameras;
    this.#server = server;
    this.#totals = cameras.map(() => 0);
    setMaxListeners(cameras.length, this.#abort.signal);
    cameras.forEach((camera, k) => void this.#count(camera, k));
  }

  async over(ms: number): Promise<Arrived> {
    const first = await this.#look();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const last = await this.#look();
    const healthy = this.#cameras.map((_, k) => k).slice(FAULTY);
    const got = healthy.map((k) => (last.got[k] ?? 0) - (first.got[k] ?? 0));
    const sent = healthy.map((k) => most(last.sent[mountOf(k)] ?? [], first.sent[mountOf(k)] ?? []));
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    return {
      fps: (sum(got) * 1000) / (last.at - first.at) / healthy.length,
      share: sum(got) / sum(sent),
      shares: got.map((value, k) => value / (sent[k] ?? 1)),
    };
  }

  stop(): void {
    this.#abort.abort();
  }

  async #look() {
    const sent = { ...(await this.#server.sent()) };
    // What gave way to newer pictures had arrived too.
    const got = this.#cameras.map((camera, k) => (this.#totals[k] ?? 0) + camera.dropped);
    return { at: performance.now(), sent, got };
  }

  async #count(camera: Camera, k: number): Promise<void> {
    for await (const frame of camera.frames(this.#abort.signal)) {
      this.#totals[k] = (this.#totals[k] ?? 0) + 1;
      frame.close();
    }
  }
}

/** The most that any one counter has risen by. */
function most(last: readonly number[], first: readonly number[]): number {
  return Math.max(0, ...last.map((count, k) => count - (first[k] ?? 0)));
}

async function memoryOf(cameras: readonly Camera[]): Promise<number> {
  const sizes = await Promise.all(
    cameras.map(async ({ pid }) => {
      const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
      return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
    }),
  );
  const present = sizes.filter((size) => size > 0);
  return present.reduce((a, b) => a + b, 0) / Math.max(1, present.length);
}
