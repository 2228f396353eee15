import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveProcess } from '../fixtures/serve-process.ts';
import { cabinClip } from './cabin-clip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-serve-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cabinwatch serve', () => {
  it('watches the cameras of a site until told to stop, and keeps passwords to itself', async () => {
    const { child, said, exit, up } = await serveProcess(folder, {
      lifts: [
        { id: 'good', camera: { file: await cabinClip() } },
        { id: 'away', camera: { url: 'rtsp://viewer:hunter2secret@127.0.0.1:9/stream' } },
      ],
      api: { port: 0, open: 'this-machine' },
      media: { rtmpPort: 0, httpPort: 0 },
    });
    const url = await up();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const cameras = async (): Promise<string> => (await fetch(`${url}/api/cameras`)).text();
    await expect
      .poll(
        async () => JSON.parse(await cameras()).map((c: { health: { state: string } }) => c.health.state),
        {
          timeout: 60_000,
        },
      )
      .toEqual(['online', 'offline']);
    expect(`${await cameras()}${said.out}${said.err}`).not.toContain('hunter2secret');
    for (const line of said.err.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();

    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  }, 150_000);

  it('lists what is wrong with the configuration and does not start', async () => {
    const { said, exit } = await serveProcess(folder, {
      lifts: [{ id: 'No Good', camera: {} }],
      api: { prot: 1 },
    });
    expect(await exit).toBe(2);
    expect(said.err).toMatch(/lifts\[0\]\.id[\s\S]*prot/);
  }, 30_000);
});
