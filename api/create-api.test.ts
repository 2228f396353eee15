import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Value } from 'typebox/value';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CabinwatchError, silentLogger } from '../core/index.ts';
import {
  type Api,
  ApiOptions,
  type CameraView,
  createApi,
  type MediaAddress,
  type Wall,
  type WallMessage,
} from './index.ts';

const options: ApiOptions = {
  ...Value.Create(ApiOptions),
  port: 0,
  open: 'this-machine',
  scenesPerSecond: 30,
};
const camera: CameraView = {
  id: 'car-1',
  liftId: 'lift-1',
  name: 'Car 1',
  health: {
    state: 'online',
    since: 1000,
    lastPictureAt: 2000,
    reconnects: 0,
    fpsExpected: 15,
    fpsGot: 14.9,
    error: null,
  },
  occupancy: 2,
  active: [],
  scene: null,
};

class FakeWall implements Wall {
  readonly listeners = new Set<(message: WallMessage) => void>();
  parts: Record<string, boolean> = { media: true };

  cameras = () => [camera];
  events = () => [];
  health = () => this.parts;

  subscribe(listener: (message: WallMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async snapshot(id: string) {
    this.#know(id);
    return { jpeg: new Uint8Array([0xff, 0xd8, 0xff]), takenAt: 5000 };
  }

  async live(id: string) {
    this.#know(id);
    return {
      token: 't',
      expiresAt: 9000,
      httpFlv: 'http://127.0.0.1:1/a.flv',
      wsFlv: 'ws://127.0.0.1:1/a.flv',
    };
  }

  tell(message: WallMessage): void {
    for (const listener of this.listeners) listener(message);
  }

  #know(id: string): void {
    if (id !== camera.id) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no camera "${id}".`);
  }
}

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(media?: MediaAddress): Promise<{ wall: FakeWall; url: string }> {
  const wall = new FakeWall();
  api = await createApi(options, { wall, logger: silentLogger, ...(media && { media }) });
  return { wall, url: api.url };
}

const sceneAt = (ts: number): WallMessage => ({
  type: 'scene',
  data: { cameraId: 'car-1', scene: { ts, aspect: 1.5, people: [], objects: [], doubt: null } },
});

/** Reads server-sent events until `until` says it has enough. */
async function listen(
  url: string,
  until: (events: { name: string; data: unknown }[]) => boolean,
): Promise<{ name: string; data: unknown }[]> {
  const stop = new AbortController();
  const answer = await fetch(`${url}/api/events`, { signal: stop.signal });
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events: { name: string; data: unknown }[] = [];
  let text = '';
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      events.push({ name: field('event'), data: JSON.parse(field('data')) });
    }
    if (until(events)) break;
  }
  stop.abort();
  return events;
}

describe('addresses', () => {
  it('that others can reach are refused where nobody has to sign in', async () => {
    const wall = new FakeWall();
    for (const host of ['0.0.0.0', '::', '192.168.1.2', 'example.org']) {
      const starting = createApi({ ...options, host }, { wall, logger: silentLogger });
      await expect(starting).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(host),
      });
    }
  });

  it('that are taken are named with what to do', async () => {
    const { url, wall } = await start();
    const port = Number(new URL(url).port);
    await expect(createApi({ ...options, port }, { wall, logger: silentLogger })).rejects.toMatchObject({
      code: 'ADDRESS_IN_USE',
    });
  });

  it('under another name, or asked for by another site’s page, get no answer', async () => {
    const { url } = await start();
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve) =>
        get(`${url}/api/cameras`, { headers }, (res) => resolve(res.resume().statusCode)),
      );
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'http://evil.example' })).toBe(403);
    expect(await status({ host: `localhost:${new URL(url).port}` })).toBe(200);
  });
});

describe('routes', () => {
  it('list the cameras', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/api/cameras`)).json()).toEqual([camera]);
  });

  it('give a snapshot and its time', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/api/cameras/car-1/snapshot.jpg`);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(answer.headers.get('last-modified')).toBe(new Date(5000).toUTCString());
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([0xff, 0xd8, 0xff]));
  });

  it('hand out live URLs, and never from a cache', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/api/cameras/car-1/play-token`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ token: 't', expiresAt: 9000 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('name an unknown camera', async () => {
    const { url } = await start();
    for (const [path, method] of [
      ['snapshot.jpg', 'GET'],
      ['play-token', 'POST'],
    ] as const) {
      const answer = await fetch(`${url}/api/cameras/none/${path}`, { method });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'INPUT_NOT_FOUND', retryable: false } });
    }
  });

  it('tell whether the service is well', async () => {
    const { url, wall } = await start();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    wall.parts = { media: false };
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ok: false, parts: { media: false } });
  });
});

/** Stands for the media server: knows one token, and repeats what a WebSocket sends. */
async function startMedia(): Promise<{
  address: MediaAddress;
  close: () => void;
  open: () => Promise<number>;
}> {
  const server = createServer((request, answer) => {
    const known = request.url === '/live/car-1.flv?token=good';
    answer.writeHead(known ? 200 : 401, { 'content-type': known ? 'video/x-flv' : 'application/json' });
    answer.end(known ? 'FLV' : '{}');
  });
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => {});
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nX-Key: ${request.headers['sec-websocket-key']}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    close: () => server.close().closeAllConnections(),
    open: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
  };
}

describe('live pictures', () => {
  it('come from the media server, which judges the token', async () => {
    const media = await startMedia();
    const { url } = await start(media.address);
    const good = await fetch(`${url}/live/car-1.flv?token=good`);
    expect([good.status, good.headers.get('content-type'), await good.text()]).toEqual([
      200,
      'video/x-flv',
      'FLV',
    ]);
    expect((await fetch(`${url}/live/car-1.flv?token=bad`)).status).toBe(401);
    media.close();
    expect((await fetch(`${url}/live/car-1.flv?token=good`)).status).toBe(404);
  });

  it('let nothing else of the media server be reached', async () => {
    const media = await startMedia();
    const { url } = await start(media.address);
    for (const path of [
      '/live/..%2fapi.flv?token=good',
      '/live/x.ts?token=good',
      '/live/a.flv?reader=k&token=good%0d',
    ]) {
      const answer = await fetch(`${url}${path}`);
      expect([400, 401, 404]).toContain(answer.status);
      expect(await answer.text()).not.toBe('FLV');
    }
    media.close();
  });

  it('come over WebSocket too, and end with either side', async () => {
    const media = await startMedia();
    const { url } = await start(media.address);
    const { port } = new URL(url);
    const open = async (origin: string) => {
      const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.write(
        `GET /live/car-1.flv?token=good HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\n` +
          'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n',
      );
      return { socket, text: () => text };
    };
    const ours = await open(`http://127.0.0.1:${port}`);
    await vi.waitFor(() => expect(ours.text()).toContain('X-Key: abc'));
    ours.socket.write('hello');
    await vi.waitFor(() => expect(ours.text()).toMatch(/hello$/));
    ours.socket.destroy();
    await vi.waitFor(async () => expect(await media.open()).toBe(0));

    const theirs = await open('http://evil.example');
    await vi.waitFor(() => expect(theirs.text()).toMatch(/^HTTP\/1.1 403/));

    const watching = await open(`http://127.0.0.1:${port}`);
    await vi.waitFor(() => expect(watching.text()).toContain('101'));
    const closed = once(watching.socket, 'close');
    await api?.close();
    await closed;
    media.close();
  });
});

describe('events', () => {
  it('begin with everything and go on with what changes', async () => {
    const { url, wall } = await start();
    const listening = listen(url, (events) => events.length >= 5);
    await vi.waitFor(() => expect(wall.listeners.size).toBe(1));
    wall.tell({ type: 'camera', data: camera });
    wall.parts = { media: false };
    wall.tell(sceneAt(7));
    const events = await listening;
    expect(events.map((e) => e.name)).toEqual(['hello', 'service', 'camera', 'service', 'scene']);
    expect(events.filter((e) => e.name === 'service').map((e) => e.data)).toEqual([
      { media: true },
      { media: false },
    ]);
    expect(events[0]?.data).toMatchObject({ cameras: [camera], events: [] });
    await vi.waitFor(() => expect(wall.listeners.size).toBe(0));
  });

  it('skip scenes that newer ones have overtaken, and nothing else', async () => {
    const { url, wall } = await start();
    const last = (events: { name: string; data: unknown }[]): boolean =>
      JSON.stringify(events.at(-1)?.data ?? '').includes('"ts":200');
    const listening = listen(url, last);
    await vi.waitFor(() => expect(wall.listeners.size).toBe(1));
    for (let i = 1; i <= 200; i++) wall.tell(sceneAt(i));
    for (let i = 0; i < 50; i++) wall.tell({ type: 'camera', data: { ...camera, occupancy: i } });
    const events = await listening;
    expect(events.filter((e) => e.name === 'camera').map((e) => (e.data as CameraView).occupancy)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    expect(events.filter((e) => e.name === 'scene').length).toBeLessThan(10);
  });

  it('end when the service closes, with a viewer still there', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/api/events`);
    const began = performance.now();
    await api?.close();
    await answer.text().catch(() => '');
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
