import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../../../core/index.ts';
import { serveProcess } from '../../fixtures/serve-process.ts';

const run = promisify(execFile);
let folder: string | undefined;
afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** What the Dockerfile copies, and nothing else: no sources. */
const IN_THE_IMAGE = ['package.json', 'bin', 'dist', '.cache/models'];

test('what the image holds runs without the sources, and shows its pages', async () => {
  const root = projectRoot();
  await run(process.execPath, [join(root, 'scripts/build.mjs')]);
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-image-'));
  const app = join(folder, 'app');
  const data = join(folder, 'data');
  await mkdir(data);
  for (const part of IN_THE_IMAGE) await cp(join(root, part), join(app, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(app, 'node_modules'));
  const service = await serveProcess(
    data,
    {
      lifts: [{ id: 'a-1', camera: { publishKey: 'nobody-publishes' } }],
      api: { port: 0 },
      media: { rtmpPort: 0, httpPort: 0 },
    },
    { root: app, cwd: data },
  );
  const url = await service.up();
  for (const path of ['/', '/main.js', '/sign-in.html'])
    expect((await fetch(`${url}${path}`)).status).toBe(200);
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ok: true });
  service.child.kill('SIGTERM');
  expect(await service.exit).toBe(0);
}, 120_000);
