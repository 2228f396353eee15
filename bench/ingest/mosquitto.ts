import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';

/** A mosquitto on 127.0.0.1 without any limit of its own. */
export async function startMosquitto(): Promise<{ port: number; url: string; close(): Promise<void> }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-bench-'));
  const config = join(folder, 'mosquitto.conf');
  const limits = ['max_queued_messages 0', 'max_inflight_messages 0'];
  await writeFile(config, [`listener ${port} 127.0.0.1`, 'allow_anonymous true', ...limits, ''].join('\n'));
  const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
  const url = `mqtt://127.0.0.1:${port}`;
  for (let up = false; !up; ) {
    await sleep(100);
    up = await connectAsync(url, { reconnectPeriod: 0 }, false).then(
      (client) => client.endAsync().then(() => true),
      () => false,
    );
  }
  return {
    port,
    url,
    async close() {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
