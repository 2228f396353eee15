import { once } from 'node:events';
import { createServer } from 'node:net';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { type App, createApp, type Models } from '../../../app/index.ts';
import { parseConfig } from '../../../config/index.ts';
import { type Detector, silentLogger } from '../../../core/index.ts';
import { type RtspSimulator, startRtspSimulator } from '../../../simulator/index.ts';
import { temporaryDataDir } from '../../fixtures/data-dir.ts';
import { testVideo } from '../../fixtures/media.ts';

const PATIENCE = { timeout: 30_000 };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** Sees one person in the middle of every picture, unless told to fail. */
function models(detect?: Detector['detect']): Models & { closed: boolean } {
  const box = { x1: 0.4, y1: 0.2, x2: 0.6, y2: 0.9 };
  const seen = [{ label: 'person', score: 0.9, box }];
  const detector: Detector = {
    labels: ['person'],
    detect: detect ?? (async () => seen),
    close: async () => {},
  };
  const made = {
    detector,
    pose: undefined,
    closed: false,
    async close() {
      made.closed = true;
    },
  };
  return made;
}

async function cameras(...names: string[]): Promise<RtspSimulator> {
  const file = await testVideo({ size: '320x180', fps: 10, seconds: 4 });
  const simulator = await startRtspSimulator({ cameras: names.map((name) => ({ name, file })) });
  open.push(simulator);
  return simulator;
}

const config = (lifts: Record<string, string>, api: object = { port: 0, open: 'this-machine' }) => {
  const list = Object.entries(lifts).map(([id, url]) => ({ id, camera: { url } }));
  const media = { rtmpPort: 0, httpPort: 0 };
  const storage = { dataDir: temporaryDataDir() };
  return parseConfig(JSON.stringify({ lifts: list, api, media, storage }), 'the test');
};

async function start(lifts: Record<string, string>, using: Models = models()): Promise<App> {
  const app = await createApp(config(lifts), { logger: silentLogger, models: using });
  open.push(app);
  return app;
}

const state = (app: App, id: string): string => app.state.camera(id).health.state;

describe('createApp', () => {
  it('keeps the good cameras when others cannot be reached', async () => {
    const simulator = await cameras('good');
    const app = await start({
      good: simulator.url('good'),
      refusing: 'rtsp://127.0.0.1:9/stream',
      missing: simulator.url('good').replace('/good', '/none'),
    });
    await expect.poll(() => app.state.camera('good').scene?.people.length, PATIENCE).toBe(1);
    await expect.poll(() => app.state.camera('good').occupancy, PATIENCE).toBe(1);
    await expect
      .poll(() => [state(app, 'refusing'), state(app, 'missing')], PATIENCE)
      .toEqual(['offline', 'offline']);
    expect(app.state.camera('refusing').health.error?.code).toBe('CAMERA_UNREACHABLE');
    expect(app.state.camera('missing').health.error?.code).toBe('CAMERA_NOT_FOUND');

    const answer = await fetch(`${app.url}/api/cameras/good/snapshot.jpg`);
    const picture = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([picture.format, picture.width, picture.height]).toEqual(['jpeg', 320, 180]);
    expect((await fetch(`${app.url}/api/cameras/missing/snapshot.jpg`)).status).toBe(404);
    expect((await fetch(app.url)).headers.get('content-type')).toMatch(/^text\/html/);
  }, 90_000);

  it('shows cameras live though no model can be had, and says so', async () => {
    const simulator = await cameras('good');
    const app = await start({ good: simulator.url('good') }, { ...models(), detector: undefined });
    await expect.poll(() => state(app, 'good'), PATIENCE).toBe('online');
    expect(app.state.camera('good').occupancy).toBeNull();
    const health = await fetch(`${app.url}/readyz`);
    expect([health.status, await health.json()]).toEqual([
      503,
      { ok: false, parts: { detector: false, pose: false, storage: true, alarms: true } },
    ]);
    const permit = await fetch(`${app.url}/api/cameras/good/play-token`, { method: 'POST' });
    const { httpFlv } = (await permit.json()) as { httpFlv: string };
    const live = await fetch(`${app.url}${httpFlv}`);
    const first = await live.body?.getReader().read();
    expect(
      Buffer.from(first?.value ?? [])
        .subarray(0, 3)
        .toString(),
    ).toBe('FLV');
    expect((await fetch(`${app.url}${httpFlv.slice(0, -10)}xxxxxxxxxx`)).status).toBe(401);
  }, 90_000);

  it('goes on when the model fails on every picture', async () => {
    const simulator = await cameras('good');
    let asked = 0;
    const failing = models(async () => {
      asked++;
      throw new Error('broken');
    });
    const app = await start({ good: simulator.url('good') }, failing);
    await expect.poll(() => state(app, 'good'), PATIENCE).toBe('online');
    await expect.poll(() => asked, PATIENCE).toBeGreaterThan(2);
    expect(state(app, 'good')).toBe('online');
    expect(app.state.camera('good')).toMatchObject({ occupancy: null, scene: null });
  }, 60_000);

  it('leaves nothing behind when it cannot start', async () => {
    const simulator = await cameras('good');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const using = models();
    const starting = createApp(config({ good: simulator.url('good') }, { port, open: 'this-machine' }), {
      logger: silentLogger,
      models: using,
    });
    await expect(starting).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
    expect(using.closed).toBe(true);
    await expect.poll(() => simulator.status('good').viewers, PATIENCE).toBe(0);
    taken.close();
  }, 60_000);
});
