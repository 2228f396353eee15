import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../../fixtures/fault-proxy.ts';
import {
  G711,
  H264,
  H265,
  type Picture,
  picture,
  type RtspServer,
  startRtspServer,
} from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, until, type Watched, watch } from './harness.ts';

/** The two promises of this suite, ms. */
const OFFLINE_WITHIN = 10_000;
const BACK_WITHIN = 15_000;
const START = 30_000;

const cleanup = new Cleanup();
let server: RtspServer;
let mounts = 0;

beforeAll(async () => {
  server = await startRtspServer();
  cleanup.add(() => server.kill());
});
afterAll(() => cleanup.run());

interface Scene extends Watched {
  readonly proxy: FaultProxy;
  readonly path: string;
}

/** A camera that is online, behind a network that can fail. */
async function online(options: Picture = {}): Promise<Scene> {
  const path = `/${++mounts}`;
  await server.mount({ path, launch: picture(options) });
  const proxy = await startFaultProxy(server.port);
  cleanup.add(() => proxy.close());
  const watched = watch(cleanup, { url: `rtsp://127.0.0.1:${proxy.port}${path}` });
  await until(watched.camera, 'online', START);
  return { ...watched, proxy, path };
}

/** Lets something break, waits until it is known, mends it, and waits until pictures are back. */
async function breakAndMend(
  name: string,
  scene: Scene,
  fail: () => unknown,
  mend: () => unknown,
): Promise<void> {
  const { camera } = scene;
  const broken = performance.now();
  await fail();
  await until(camera, 'offline', OFFLINE_WITHIN + 2000);
  const offlineAfter = performance.now() - broken;
  expect(offlineAfter).toBeLessThan(OFFLINE_WITHIN);
  const { error, pictureAgeMs } = camera.health();
  expect(pictureAgeMs).toBeGreaterThan(1000);
  // A moment away: attempts are made and fail meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const { reconnects } = camera.health();
  const mended = performance.now();
  await mend();
  await until(camera, 'online', BACK_WITHIN + 2000);
  const backAfter = performance.now() - mended;
  note(name, {
    'offline known after ms': offlineAfter,
    'back after ms': backAfter,
    said: error?.reason ?? '-',
  });
  expect(backAfter).toBeLessThan(BACK_WITHIN);
  expect(camera.health().reconnects).toBe(reconnects + 1);
  expect(camera.health().error).toBeUndefined();
  expect(scene.backwards).toBe(0);
}

describe.concurrent('a camera that is lost is known to be offline within 10 s and back within 15 s', () => {
  it('when it refuses', async () => {
    const scene = await online();
    await breakAndMend(
      'refuses',
      scene,
      () => scene.proxy.mode('refuse'),
      () => scene.proxy.mode('pass'),
    );
  }, 90_000);

  it('when it hangs with its connection open', async () => {
    const scene = await online();
    await breakAndMend(
      'hangs',
      scene,
      () => scene.proxy.mode('hold'),
      () => scene.proxy.mode('pass'),
    );
    expect(scene.states.map(({ state }) => state)).toEqual(['online', 'stale', 'offline', 'online']);
  }, 90_000);

  it('when it stops in the middle of a picture', async () => {
    const scene = await online();
    await breakAndMend(
      'stops mid-picture',
      scene,
      () => scene.proxy.holdAfter(700),
      () => scene.proxy.mode('pass'),
    );
  }, 90_000);

  it('when it sends garbage', async () => {
    const scene = await online();
    await breakAndMend(
      'garbage',
      scene,
      () => scene.proxy.mode('garbage'),
      () => scene.proxy.mode('pass'),
    );
  }, 90_000);

  it('when it keeps the session but sends nothing', async () => {
    const scene = await online();
    const valve = (drop: string) => () => server.set(scene.path, 'valve', 'drop', drop);
    await breakAndMend('sends nothing', scene, valve('true'), valve('false'));
  }, 90_000);

  it('when its process dies, also if it comes back with other parameters', async () => {
    const own = await startRtspServer();
    cleanup.add(() => own.kill());
    await own.mount({ path: '/cam', launch: picture() });
    const watched = watch(cleanup, { url: `rtsp://127.0.0.1:${own.port}/cam` });
    const { camera } = watched;
    await until(camera, 'online', START);
    let reborn: RtspServer | undefined;
    cleanup.add(() => reborn?.kill());
    await breakAndMend(
      'dies',
      { ...watched, proxy: undefined as never, path: '/cam' },
      () => own.kill(),
      async () => {
        reborn = await startRtspServer(own.port);
        await reborn.mount({
          path: '/cam',
          launch: picture({ width: 320, height: 240, fps: 6, encode: H265 }),
        });
      },
    );
    expect(camera.info?.video?.codec).toBe('hevc');
    // What the analysis gets keeps its size.
    expect([...watched.sizes]).toEqual(['192x108']);
  }, 90_000);
});

describe.concurrent('a camera that', () => {
  it('has its connection reset is back at once, without having been offline', async () => {
    const scene = await online();
    const count = scene.pictures.length;
    scene.proxy.reset();
    await vi.waitFor(() => expect(scene.camera.health().reconnects).toBe(1), { timeout: BACK_WITHIN });
    note('reset', { 'gap ms': Math.max(...gaps(scene.pictures.slice(count - 1))) });
    expect(scene.camera.health().state).toBe('online');
  }, 60_000);

  it('changes its resolution goes on, in the size the analysis knows', async () => {
    const scene = await online({ encode: H264() });
    for (const size of ['width=320,height=180', 'width=160,height=120']) {
      await server.set(scene.path, 'size', 'caps', `video/x-raw,format=I420,${size}`);
      const count = scene.pictures.length;
      await vi.waitFor(() => expect(scene.pictures.length).toBeGreaterThan(count + 10), {
        timeout: BACK_WITHIN,
      });
    }
    const longest = Math.max(...gaps(scene.pictures));
    note('resolution change', { reconnects: scene.camera.health().reconnects, 'longest gap ms': longest });
    expect([...scene.sizes]).toEqual(['192x108']);
    expect(longest).toBeLessThan(BACK_WITHIN);
    const full = await scene.camera.snapshot({ full: true });
    expect(`${full.width}x${full.height}`).toBe('160x120');
  }, 60_000);

  it('floods is held down to its key frames, and stays in view', async () => {
    const scene = await online({ fps: 8 });
    await server.set(scene.path, 'rate', 'caps', 'video/x-raw,framerate=150/1');
    const flooded = performance.now();
    await vi.waitFor(() => expect(scene.camera.health().error?.code).toBe('CAMERA_FLOODING'), {
      timeout: 20_000,
    });
    const known = performance.now() - flooded;
    await vi.waitFor(() => expect(scene.camera.health()).toMatchObject({ state: 'online', reconnects: 1 }), {
      timeout: 20_000,
    });
    const count = scene.pictures.length;
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const fps = (scene.pictures.length - count) / 4;
    note('floods', { 'known after ms': known, 'pictures per second after': fps });
    expect(fps).toBeGreaterThan(0);
    expect(fps).toBeLessThanOrEqual(6);
    expect(scene.camera.health().error?.code).toBe('CAMERA_FLOODING');
    await server.set(scene.path, 'rate', 'caps', 'video/x-raw,framerate=8/1');
  }, 90_000);

  it('announces sound and sends none is kept and shown without', async () => {
    await server.mount({ path: '/mute', launch: picture({ audio: G711 }) });
    const proxy = await startFaultProxy(server.port);
    cleanup.add(() => proxy.close());
    await proxy.mode('mute');
    const { camera } = watch(cleanup, { url: `rtsp://127.0.0.1:${proxy.port}/mute` });
    await until(camera, 'online', START);
    await vi.waitFor(() => expect(camera.bitrate).toBeGreaterThan(10_000), { timeout: 30_000 });
    note('silent sound', { reconnects: camera.health().reconnects });
    expect(camera.health()).toMatchObject({ state: 'online', reconnects: 1 });
  }, 60_000);
});

describe.concurrent('a camera is offline, and says why,', () => {
  it.each([
    ['refused', async () => `rtsp://127.0.0.1:${await freePort()}/cam`, 'CAMERA_UNREACHABLE'],
    ['not-found', async () => `rtsp://127.0.0.1:${server.port}/nothing-here`, 'CAMERA_NOT_FOUND'],
    ['unknown-host', async () => 'rtsp://camera.invalid/cam', 'CAMERA_UNREACHABLE'],
    ['timeout', async () => `rtsp://127.0.0.1:${await silentPort()}/cam`, 'CAMERA_UNREACHABLE'],
    [
      'unsupported',
      async () => `rtsp://127.0.0.1:${await talkingPort('SSH-2.0-OpenSSH_9.2\r\n')}/cam`,
      'CAMERA_UNSUPPORTED',
    ],
    ['no-video', async () => soundOnly(), 'CAMERA_NO_VIDEO'],
    ['busy', async () => notReady(), 'CAMERA_NO_VIDEO'],
  ])(
    'when the reason is %s',
    async (reason, url, code) => {
      const { camera } = watch(cleanup, { url: await url() });
      await until(camera, 'offline', OFFLINE_WITHIN);
      expect(camera.health().error).toMatchObject({ reason, code });
      expect(camera.health().pictureAgeMs).toBeUndefined();
    },
    30_000,
  );
});

async function soundOnly(): Promise<string> {
  const launch = '( audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 pt=97 )';
  await server.mount({ path: '/sound', launch });
  return `rtsp://127.0.0.1:${server.port}/sound`;
}

/** GStreamer answers 503 while a stream cannot be made. */
async function notReady(): Promise<string> {
  await server.mount({ path: '/later', launch: '( filesrc location=/nothing ! rtpgstpay name=pay0 )' });
  return `rtsp://127.0.0.1:${server.port}/later`;
}

const freePort = (): Promise<number> => listen(undefined);
const silentPort = (): Promise<number> => listen(() => {});
const talkingPort = (text: string): Promise<number> => listen((socket) => socket.write(text));

async function listen(onConnection: ((socket: net.Socket) => void) | undefined): Promise<number> {
  const listener = net.createServer((socket) => {
    socket.on('error', () => {});
    onConnection?.(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as net.AddressInfo;
  if (!onConnection) listener.close();
  else cleanup.add(() => void listener.close());
  return port;
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, k) => time - (times[k] ?? time));
}
