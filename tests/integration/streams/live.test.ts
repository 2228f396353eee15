import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createMediaServer, type MediaServer } from '../../../streams/index.ts';
import { AAC, H265, picture, type RtspServer, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, note, until, watch } from './harness.ts';

const cleanup = new Cleanup();
let media: MediaServer;
let server: RtspServer;

beforeAll(async () => {
  media = await createMediaServer({ rtmpPort: 0, httpPort: 0 });
  cleanup.add(() => media.close());
  server = await startRtspServer();
  cleanup.add(() => server.kill());
  await server.mount({ path: '/h264', launch: picture({ audio: AAC }) });
  await server.mount({ path: '/h265', launch: picture({ encode: H265 }) });
});
afterAll(() => cleanup.run());

/** Reads a live view until it holds `bytes`; gives how long that took. */
async function view(path: string, bytes: number): Promise<{ status: number; afterMs: number; data: Buffer }> {
  const start = performance.now();
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${media.httpPort}${path}`, { signal: abort.signal });
  const parts: Buffer[] = [];
  for await (const part of response.body!) {
    parts.push(Buffer.from(part));
    if (parts.reduce((sum, p) => sum + p.length, 0) >= bytes) break;
  }
  abort.abort();
  return { status: response.status, afterMs: performance.now() - start, data: Buffer.concat(parts) };
}

async function transcoders(): Promise<number> {
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
  );
  return lines.filter((line) => line.includes('libx264') && line.includes(`:${media.rtmpPort}/`)).length;
}

it('shows an H.264 camera as it is', async () => {
  const { camera } = watch(cleanup, { url: `rtsp://127.0.0.1:${server.port}/h264` }, { media });
  await until(camera, 'online', 30_000);
  const { status, data, afterMs } = await view(camera.permitPlay().path, 8000);
  note('live H.264', { 'first 8 kB after ms': afterMs });
  expect(status).toBe(200);
  expect(data.toString('latin1', 0, 3)).toBe('FLV');
  expect(await transcoders()).toBe(0);
}, 60_000);

it('makes H.264 of an H.265 camera while somebody watches, and no longer', async () => {
  const { camera, pictures } = watch(cleanup, { url: `rtsp://127.0.0.1:${server.port}/h265` }, { media });
  await until(camera, 'online', 30_000);
  await vi.waitFor(() => expect(pictures.length).toBeGreaterThan(10), { timeout: 10_000 });
  expect(await transcoders()).toBe(0);
  const pid = camera.pid;
  const viewing = view(camera.permitPlay().path, 8000);
  await vi.waitFor(async () => expect(await transcoders()).toBe(1), { timeout: 10_000 });
  const { data, afterMs } = await viewing;
  note('live H.265', { 'first 8 kB after ms': afterMs });
  // Codec 7 of an FLV video tag is H.264.
  expect(data.toString('latin1', 0, 3)).toBe('FLV');
  expect(firstVideoCodec(data)).toBe(7);
  await vi.waitFor(async () => expect(await transcoders()).toBe(0), { timeout: 20_000 });
  // The analysis went on undisturbed, over the same connection.
  expect(camera.pid).toBe(pid);
  expect(camera.health()).toMatchObject({ state: 'online', reconnects: 0 });
}, 90_000);

it('costs the analysis no picture when the media server is gone', async () => {
  const own = await createMediaServer({ rtmpPort: 0, httpPort: 0 });
  const { camera, pictures } = watch(
    cleanup,
    { url: `rtsp://127.0.0.1:${server.port}/h264` },
    { media: own },
  );
  await until(camera, 'online', 30_000);
  await own.close();
  const count = pictures.length;
  await vi.waitFor(() => expect(pictures.length).toBeGreaterThan(count + 15), { timeout: 15_000 });
  expect(camera.health()).toMatchObject({ state: 'online', reconnects: 0 });
}, 60_000);

function firstVideoCodec(flv: Buffer): number | undefined {
  for (let at = 13; at + 12 < flv.length; at += 15 + flv.readUIntBE(at + 1, 3)) {
    if (flv[at] === 9) return (flv[at + 11] ?? 0) & 0x0f;
  }
  return undefined;
}
