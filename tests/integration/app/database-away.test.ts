import { afterEach, expect, test } from 'vitest';
import { type App, createApp, type Models } from '../../../app/index.ts';
import { parseConfig } from '../../../config/index.ts';
import { type Incident, silentLogger } from '../../../core/index.ts';
import { temporaryDataDir } from '../../fixtures/data-dir.ts';
import { type Program, startPostgres } from '../storage/programs.ts';

const PATIENCE = { timeout: 20_000 };
const NO_MODELS: Models = { detector: undefined, pose: undefined, close: async () => {} };

let postgres: Program;
let app: App | undefined;
afterEach(async () => {
  await app?.close();
  await postgres.remove();
});

async function start(dataDir: string): Promise<App> {
  const settings = {
    lifts: [lift('of-the-file')],
    api: { port: 0, open: 'this-machine' },
    media: { rtmpPort: 0, httpPort: 0 },
    storage: { dataDir, url: postgres.url, timeout: 1 },
  };
  const config = parseConfig(JSON.stringify(settings), 'the test');
  app = await createApp(config, { logger: silentLogger, models: NO_MODELS });
  return app;
}

const lift = (id: string) => ({ id, camera: { publishKey: 'nobody-publishes' }, controller: {} });

async function ask(path: string, method = 'GET', body?: unknown): Promise<unknown> {
  const answer = await fetch(`${app?.url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

let seq = 0;
async function say(liftId: string, said: object): Promise<void> {
  seq += 1;
  await ask(`/api/controllers/${liftId}/messages`, 'POST', { ts: Date.now(), seq, ...said });
}

/** The car runs with its door open: two readings confirm that. */
async function endanger(liftId: string): Promise<void> {
  for (const speed of [1, 1.1]) await say(liftId, { door: 'open', doorZone: false, speed });
}

const dangers = (liftId: string): Pick<Incident, 'id' | 'phase'>[] =>
  (app?.incidents.openIncidents(liftId) ?? [])
    .filter(({ kind }) => kind === 'door-open-moving')
    .map(({ id, phase }) => ({ id, phase }));

test('a service that starts without its database takes up lifts, incidents and maintenance once it is back', async () => {
  postgres = await startPostgres();
  const dataDir = temporaryDataDir();
  await start(dataDir);
  await ask('/api/lifts', 'POST', lift('of-the-api'));
  for (const id of ['of-the-file', 'of-the-api']) await endanger(id);
  const [first, second] = [...dangers('of-the-file'), ...dangers('of-the-api')];
  // It may be acted on once it is recorded.
  await expect.poll(() => ask(`/api/incidents/${first?.id}`).catch(() => undefined), PATIENCE).toBeDefined();
  await ask(`/api/incidents/${first?.id}/acts`, 'POST', { act: 'acknowledge' });
  const until = Date.now() + 3_600_000;
  await ask('/api/maintenance', 'POST', { liftId: 'of-the-file', until, reason: 'yearly check' });
  await app?.close();

  await postgres.kill();
  await start(dataDir);
  // The car still runs with its door open, and what is seen is told, though nobody knows what stood open.
  await endanger('of-the-file');
  const [anew] = dangers('of-the-file');
  expect(anew).toMatchObject({ phase: 'confirmed' });
  expect(anew?.id).not.toBe(first?.id);
  expect(app?.health().storage).toBe(false);

  await postgres.start();
  await expect
    .poll(() => dangers('of-the-file'), PATIENCE)
    .toEqual([{ id: first?.id, phase: 'acknowledged' }]);
  expect(dangers('of-the-api')).toEqual([{ id: second?.id, phase: 'confirmed' }]);
  await expect
    .poll(() => ask(`/api/incidents/${anew?.id}`), PATIENCE)
    .toMatchObject({ phase: 'closed', closeReason: 'duplicate' });
  // Begun within the window, so it is silenced.
  for (const speed of [9, 9.1, 9.2]) await say('of-the-file', { door: 'closed', speed });
  const overspeed = app?.incidents.openIncidents('of-the-file').find(({ kind }) => kind === 'overspeed');
  expect(overspeed?.silencedUntil).toBe(until);
}, 60_000);
