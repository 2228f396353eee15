import { readdir, readFile } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import { createLogger } from '../../../core/index.ts';
import { createMediaServer, inspectCamera } from '../../../streams/index.ts';
import { picture, startRtspServer } from '../../fixtures/rtsp-server.ts';
import { Cleanup, temporaryFolder, until, watch } from './harness.ts';

const cleanup = new Cleanup();
const written = captureOutput();
afterAll(async () => {
  written.restore();
  await cleanup.run();
});

/** With everything that has to be encoded, and nothing that could stand in a log by chance. */
const PASSWORD = "Tr0ub4dor&3 @/#'%?";
const ENCODED = encodeURIComponent(PASSWORD);
const PUBLISH_KEY = 'publish-key-of-the-test-7Qx';
const SECRETS = [PASSWORD, ENCODED, 'Tr0ub4dor', PUBLISH_KEY];

it.concurrent.each(['digest', 'basic'] as const)(
  'a password (%s) is in no process list, environment, log, answer or error',
  async (method) => {
    const server = await startRtspServer();
    cleanup.add(() => server.kill());
    await server.mount({ path: '/cam', launch: picture(), user: 'admin', password: PASSWORD, method });
    const media = await createMediaServer({ rtmpPort: 0, httpPort: 0 });
    cleanup.add(() => media.close());
    const deps = { media, logger: createLogger({ level: 'debug' }) };
    const host = `127.0.0.1:${server.port}`;
    const right = watch(cleanup, { url: `rtsp://admin:${ENCODED}@${host}/cam` }, deps);
    const wrong = watch(cleanup, { url: `rtsp://admin:${ENCODED}x@${host}/cam` }, deps);
    const query = watch(cleanup, { url: `rtsp://${host}/cam?user=admin&password=${ENCODED}` }, deps);
    const push = watch(cleanup, { publishKey: PUBLISH_KEY }, deps);

    // Looked at all along, since the programs that ask what a camera sends live but a second.
    const seen = new Set<string>();
    const scanning = setInterval(() => void scanProcesses(seen), 30);
    cleanup.add(() => clearInterval(scanning));
    await until(right.camera, 'online', 30_000);
    await vi.waitFor(() => expect(wrong.camera.health().error?.code).toBe('CAMERA_UNAUTHORIZED'), {
      timeout: 10_000,
    });
    await vi.waitFor(() => expect(query.camera.health().error?.code).toBe('CAMERA_UNAUTHORIZED'), {
      timeout: 10_000,
    });
    const folder = await temporaryFolder(cleanup);
    const at = Date.now();
    await right.camera.clip({ at, beforeMs: 0, afterMs: 1500, path: `${folder}/clip.mp4` });
    const snapshot = await right.camera.snapshot({ full: true });
    const report = await inspectCamera(`rtsp://admin:${ENCODED}@${host}/cam`, { measureMs: 1500 });
    const refusal = await inspectCamera(`rtsp://admin:${ENCODED}x@${host}/cam`).catch(
      (error: unknown) => error,
    );
    await server.kill();
    await until(right.camera, 'offline', 12_000);
    await scanProcesses(seen);
    clearInterval(scanning);

    const answers = [right, wrong, query, push].map(({ camera }) => [
      camera.health(),
      camera.where,
      camera.info,
      camera.permitPlay(),
    ]);
    const everything = {
      processes: [...seen].join('\n'),
      log: written.text(),
      answers: JSON.stringify([answers, report, snapshot.ts]),
      errors: String(refusal) + JSON.stringify(refusal) + (refusal as Error).stack,
    };
    expect(everything.processes).toContain('ffmpeg');
    expect(everything.processes).toContain('ffprobe');
    expect(everything.log).toContain('camera connected');
    expect(everything.errors).toContain('refuses the user name or password');
    for (const [where, text] of Object.entries(everything)) {
      for (const secret of SECRETS) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
    }
  },
  90_000,
);

/** Command lines and environments of everything this process has started. */
async function scanProcesses(seen: Set<string>): Promise<void> {
  for (const pid of (await readdir('/proc')).filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  )) {
    const read = (file: string): Promise<string> =>
      readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
    const command = await read('cmdline');
    if (/ffmpeg|ffprobe/.test(command)) seen.add(`${command}\n${await read('environ')}`);
  }
}

/** What this process writes to its standard output and error. */
function captureOutput(): { text(): string; restore(): void } {
  let text = '';
  const spies = [process.stderr, process.stdout].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    }),
  );
  return { text: () => text, restore: () => spies.forEach((spy) => void spy.mockRestore()) };
}
