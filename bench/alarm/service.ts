import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../core/index.ts';
import type { AlarmReceiver } from '../../simulator/index.ts';
import type { BenchLifts } from './lifts.ts';

export interface Service {
  readonly pid: number;
  readonly url: string;
  readonly mqttPort: number;
  close(): Promise<void>;
}

export const PASSWORD = 'bench-password';

/** @param cameraUrl of a lift's simulated camera */
export async function startService(
  { clips, empty }: BenchLifts,
  cameraUrl: (name: string) => string,
  receiver: AlarmReceiver,
): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-bench-'));
  const mqttPort = await freePort();
  const base = (name: string) => ({
    id: name,
    camera: { url: cameraUrl(name) },
    controller: { password: PASSWORD },
  });
  const config = {
    lifts: [
      ...clips.map(({ name, doorway, settings }) => ({
        ...base(name),
        ...settings,
        inference: { view: { doorway } },
      })),
      ...empty.map(({ name }) => base(name)),
    ],
    api: { port: 0, open: 'this-machine' },
    media: { rtmpPort: 0, httpPort: 0 },
    controllers: { port: mqttPort },
    storage: { dataDir: join(folder, 'data') },
    alarms: { webhooks: [{ name: 'receiver', url: receiver.url, secrets: [receiver.secret] }] },
  };
  const file = join(folder, 'site.yaml');
  await writeFile(file, JSON.stringify(config));
  const command = [join(projectRoot(), 'bin', 'cabinwatch.js'), 'serve', '--log-level', 'error', '-c', file];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return {
    pid: child.pid as number,
    url: url.trim(),
    mqttPort,
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
