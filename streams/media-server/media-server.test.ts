import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../core/index.ts';
import { testVideo } from '../../tests/fixtures/media.ts';
import { createMediaServer, type MediaServer, type MediaServerOptions, spawnWorker } from './media-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: MediaServerOptions = {}, clock?: ManualClock): Promise<MediaServer> {
  const server = await createMediaServer({ rtmpPort: 0, httpPort: 0, ...options }, clock ? { clock } : {});
  closers.push(() => server.close());
  return server;
}

/** ffmpeg as a camera that pushes, in real time, for ever. */
async function push(url: string): Promise<{ stop(): Promise<void>; ended: Promise<unknown> }> {
  const file = await testVideo({ fps: 10, seconds: 2 });
  const args = [
    '-v',
    'error',
    '-nostdin',
    '-re',
    '-stream_loop',
    '-1',
    '-i',
    file,
    '-c',
    'copy',
    '-f',
    'flv',
    url,
  ];
  const child = spawn('ffmpeg', args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  closers.push(stop);
  return { stop, ended };
}

const pushUrl = (server: MediaServer, cameraId: string, key: string): string =>
  `rtmp://127.0.0.1:${server.rtmpPort}/live/${cameraId}?key=${key}`;

function publishing(server: MediaServer): { cameraId: string; active: boolean }[] {
  const seen: { cameraId: string; active: boolean }[] = [];
  server.on('publishing', ({ cameraId, active }) => seen.push({ cameraId, active }));
  return seen;
}

async function firstBytes(url: string): Promise<Buffer> {
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  expect(response.status).toBe(200);
  const { value } = await response.body!.getReader().read();
  abort.abort();
  return Buffer.from(value ?? []);
}

describe('createMediaServer', () => {
  it('takes a stream with the right key and gives it to who has a token', async () => {
    const server = await start();
    server.addCamera('cam-1');
    server.allowPush('cam-1', 'the key');
    const seen = publishing(server);
    const url = `http://127.0.0.1:${server.httpPort}${server.permitPlay('cam-1').path}`;
    const camera = await push(pushUrl(server, 'cam-1', 'the key'.replace(' ', '%20')));
    await vi.waitFor(() => expect(seen).toEqual([{ cameraId: 'cam-1', active: true }]), 10_000);
    expect((await firstBytes(url)).toString('latin1', 0, 3)).toBe('FLV');
    await camera.stop();
    await vi.waitFor(() => expect(seen.at(-1)).toEqual({ cameraId: 'cam-1', active: false }), 5000);
  });

  it('plays what ffprobe calls H.264 pictures, also over WebSocket', async () => {
    const server = await start();
    server.addCamera('cam-1');
    const { url } = server.openPublisher('cam-1');
    await push(url);
    const ws = new WebSocketClient(`ws://127.0.0.1:${server.httpPort}${server.permitPlay('cam-1').path}`);
    expect((await ws.first()).toString('latin1', 0, 3)).toBe('FLV');
    const { stdout } = await promisify(execFile)('ffprobe', [
      ...[
        '-v',
        'error',
        '-analyzeduration',
        '1000000',
        '-select_streams',
        'v',
        '-show_entries',
        'stream=codec_name,width',
        '-of',
        'csv=p=0',
      ],
      `http://127.0.0.1:${server.httpPort}${server.permitPlay('cam-1').path}`,
    ]);
    expect(stdout.trim()).toBe('h264,320');
  });

  it('refuses to publish with a wrong key, with that of another camera and to what is no camera', async () => {
    const server = await start();
    for (const n of [1, 2]) {
      server.addCamera(`cam-${n}`);
      server.allowPush(`cam-${n}`, `key-${n}`);
    }
    const seen = publishing(server);
    const refused = vi.fn();
    server.on('refused', refused);
    for (const [cameraId, key] of [
      ['cam-1', 'guess'],
      ['cam-1', 'key-2'],
      ['other', 'key-1'],
    ] as const) {
      refused.mockClear();
      const camera = await push(pushUrl(server, cameraId, key));
      await camera.ended;
      const told = expect.objectContaining({ what: 'publish', cameraId });
      await vi.waitFor(() => expect(refused).toHaveBeenCalledWith(told));
      expect(JSON.stringify(refused.mock.calls)).not.toContain(key);
    }
    expect(seen).toEqual([]);
  });

  it('refuses to play without a token, with a wrong one and with an expired one', async () => {
    const clock = new ManualClock(Date.now() - 120_000);
    const server = await start({ playTokenSeconds: 60 }, clock);
    server.addCamera('cam-1');
    server.addCamera('cam-2');
    const base = `http://127.0.0.1:${server.httpPort}`;
    const expired = server.permitPlay('cam-1').path;
    clock.advance(120_000);
    const other = server.permitPlay('cam-2').path.replace('cam-2', 'cam-1');
    for (const path of ['/live/cam-1.flv', '/live/cam-1.flv?token=x', expired, other]) {
      const response = await fetch(base + path);
      expect([path, response.status]).toEqual([path, 401]);
      expect(await response.json()).toMatchObject({ code: 'TOKEN_INVALID' });
      await expect(new WebSocketClient(`ws://127.0.0.1:${server.httpPort}${path}`).first()).rejects.toThrow();
    }
  });

  it('has nothing else to offer', async () => {
    const server = await start();
    for (const path of ['/', '/admin/', '/api/v1/streams', '/live/..%2f.flv', '/other/cam-1.flv']) {
      expect([path, (await fetch(`http://127.0.0.1:${server.httpPort}${path}`)).status]).toEqual([path, 404]);
    }
  });

  it('cannot be published to over HTTP', async () => {
    const server = await start();
    server.addCamera('cam-1');
    const url = `http://127.0.0.1:${server.httpPort}${server.permitPlay('cam-1').path}`;
    expect((await fetch(url, { method: 'POST', body: 'FLV' })).status).toBe(405);
  });

  it('counts viewers, but not the service itself', async () => {
    const server = await start();
    server.addCamera('cam-1');
    const counts: number[] = [];
    server.on('viewers', ({ count }) => counts.push(count));
    const abort = new AbortController();
    await push(server.openPublisher('cam-1').url);
    const reader = await fetch(server.readUrl('cam-1'), { signal: abort.signal });
    const viewer = await fetch(`http://127.0.0.1:${server.httpPort}${server.permitPlay('cam-1').path}`, {
      signal: abort.signal,
    });
    expect([reader.status, viewer.status]).toEqual([200, 200]);
    await vi.waitFor(() => expect(server.viewers('cam-1')).toBe(1));
    abort.abort();
    await vi.waitFor(() => expect(counts).toEqual([1, 0]));
  });

  it('lets a camera that has the key take over from its own dead connection', async () => {
    const server = await start();
    server.addCamera('cam-1');
    server.allowPush('cam-1', 'k1');
    const seen = publishing(server);
    const first = await push(pushUrl(server, 'cam-1', 'k1'));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000);
    await push(pushUrl(server, 'cam-1', 'k1'));
    await first.ended;
    expect((await firstBytes(server.readUrl('cam-1'))).toString('latin1', 0, 3)).toBe('FLV');
    expect(seen.at(-1)).toMatchObject({ active: true });
  });

  it('outlives garbage on the RTMP port', async () => {
    const server = await start();
    server.addCamera('cam-1');
    server.allowPush('cam-1', 'k1');
    const garbage = Buffer.from(Array.from({ length: 8000 }, (_, k) => (k * 7919) % 256));
    for (const bytes of [garbage, Buffer.from('GET / HTTP/1.1\r\n\r\n'), await brokenConnect()]) {
      const socket = net.connect(server.rtmpPort, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }
    const seen = publishing(server);
    await push(pushUrl(server, 'cam-1', 'k1'));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000);
  });

  it('cuts off a client that never says what it wants', async () => {
    const server = await start({ publisherIdleMs: 300 });
    const socket = net.connect(server.rtmpPort, '127.0.0.1');
    await once(socket, 'connect');
    const start_ = performance.now();
    await once(socket, 'close');
    expect(performance.now() - start_).toBeLessThan(2000);
  });

  it('says which port is taken', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    closers.push(() => taken.close());
    const { port } = taken.address() as net.AddressInfo;
    await expect(createMediaServer({ rtmpPort: port, httpPort: 0 })).rejects.toThrow(
      new RegExp(`${port} is taken`),
    );
    await expect(createMediaServer({ rtmpPort: 0, httpPort: port })).rejects.toThrow(
      new RegExp(`${port} is taken`),
    );
  });

  it('refuses camera ids that could be something else in a path', async () => {
    const server = await start();
    for (const id of ['', '../x', 'a b', 'ä', 'x'.repeat(65)])
      expect(() => server.addCamera(id)).toThrow(/camera id/);
  });

  it('starts again on its ports when its thread dies, and knows what it knew', async () => {
    const workers: ReturnType<typeof spawnWorker>[] = [];
    const spawn: typeof spawnWorker = (settings) => {
      const worker = spawnWorker(settings);
      workers.push(worker);
      return worker;
    };
    const server = await createMediaServer({ rtmpPort: 0, httpPort: 0 }, { spawn });
    closers.push(() => server.close());
    server.addCamera('cam-1');
    server.allowPush('cam-1', 'k1');
    const seen = publishing(server);
    const { rtmpPort } = server;
    await push(pushUrl(server, 'cam-1', 'k1'));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000);
    const { path } = server.permitPlay('cam-1');
    await workers[0]?.terminate();
    await vi.waitFor(() => expect(seen.at(-1)?.active).toBe(false));
    await vi.waitFor(() => connects(rtmpPort), 10_000);
    await push(pushUrl(server, 'cam-1', 'k1'));
    await vi.waitFor(() => expect(seen.at(-1)?.active).toBe(true), 10_000);
    expect(server.rtmpPort).toBe(rtmpPort);
    expect((await firstBytes(`http://127.0.0.1:${server.httpPort}${path}`)).length).toBeGreaterThan(0);
  });

  it('closes twice, and frees its ports', async () => {
    const server = await start();
    const { rtmpPort, httpPort } = server;
    await server.close();
    await server.close();
    const again = await start({ rtmpPort, httpPort });
    expect([again.rtmpPort, again.httpPort]).toEqual([rtmpPort, httpPort]);
  });
});

async function connects(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** A complete handshake and a `connect` whose address is none, at which the parser throws. */
async function brokenConnect(): Promise<Buffer> {
  const handshake = Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), Buffer.alloc(1536)]);
  const text = (s: string): Buffer => Buffer.concat([Buffer.from([2, 0, s.length]), Buffer.from(s)]);
  const key = (s: string): Buffer => Buffer.concat([Buffer.from([0, s.length]), Buffer.from(s)]);
  const number = Buffer.alloc(9);
  number.writeDoubleBE(1, 1);
  const body = Buffer.concat([
    ...[text('connect'), number, Buffer.from([3]), key('tcUrl'), text('no address'), Buffer.from([0, 0, 9])],
  ]);
  const header = Buffer.from([3, 0, 0, 0, 0, 0, body.length, 0x14, 0, 0, 0, 0]);
  return Buffer.concat([handshake, header, body]);
}

/** Node 20 has no WebSocket of its own; the handshake and the first frame are all a test needs. */
class WebSocketClient {
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  async first(): Promise<Buffer> {
    const socket = net.connect(Number(this.#url.port), this.#url.hostname);
    closers.push(() => socket.destroy());
    const lines = [
      `GET ${this.#url.pathname}${this.#url.search} HTTP/1.1`,
      `Host: ${this.#url.host}`,
      'Upgrade: websocket',
    ];
    lines.push(
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    );
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    let data = Buffer.alloc(0);
    for await (const chunk of socket) {
      data = Buffer.concat([data, chunk as Buffer]);
      const head = data.indexOf('\r\n\r\n');
      if (head >= 0 && !data.toString('latin1', 0, head).startsWith('HTTP/1.1 101')) break;
      const payload = data.subarray(head + 4);
      if (head >= 0 && payload.length > 20) return payload.subarray(2);
    }
    throw new Error('refused');
  }
}
