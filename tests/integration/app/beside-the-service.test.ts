import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type App, createApp } from '../../../app/index.ts';
import { main } from '../../../cli/index.ts';
import { parseConfig } from '../../../config/index.ts';
import { silentLogger } from '../../../core/index.ts';
import { temporaryDataDir } from '../../fixtures/data-dir.ts';
import { until } from '../../fixtures/until.ts';

/** Takes nothing for good: everything goes to the dead letters. */
const gone = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(410).end());
});
const dataDir = temporaryDataDir();
let app: App;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const said = (spy: typeof out): string => spy.mock.calls.map(([text]) => String(text)).join('');
  try {
    process.exitCode = 0;
    const code = await main(['node', 'cabinwatch', ...args]);
    return { code, out: said(out), err: said(err) };
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.exitCode = 0;
  }
}

beforeAll(async () => {
  gone.listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const scopes = ['audit:read', 'incidents:act', 'controllers:write', 'lifts:write'];
  const { out } = await run('users', 'key', 'engineer', '--scope', ...scopes, '--data', dataDir);
  vi.stubEnv('CABINWATCH_KEY', out.trim());
  const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}/`;
  const settings = {
    lifts: [{ id: 'a-1', camera: { publishKey: 'nobody-publishes' }, controller: {} }],
    api: { port: 0 },
    media: { rtmpPort: 0, httpPort: 0 },
    storage: { dataDir },
    alarms: { webhooks: [{ name: 'gone', url, secrets: ['A'.repeat(32)] }] },
  };
  const models = { detector: undefined, pose: undefined, close: async () => {} };
  app = await createApp(parseConfig(JSON.stringify(settings), 'the test'), { logger: silentLogger, models });
  for (const [seq, speed] of [1, 1.1].entries()) {
    const answer = await fetch(`${app.url}/api/controllers/a-1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.CABINWATCH_KEY}` },
      body: JSON.stringify({ seq, ts: Date.now(), door: 'open', doorZone: false, speed }),
    });
    expect(answer.ok).toBe(true);
  }
});
afterAll(async () => {
  await app.close();
  vi.unstubAllEnvs();
  gone.close();
});

test.each([
  ['audit', 'verify'],
  ['alarms', 'list'],
  ['users', 'list'],
])('%s %s on the folder of a running service says who has it, and what to do', async (...command) => {
  const { code, err } = await run(...command, '--data', dataDir);
  expect(code).toBe(1);
  expect(err).toContain(`is in use by process ${process.pid}`);
  expect(err).toContain('--service');
});

test('the log of a running service is checked over its API', async () => {
  const { code, out } = await run('audit', 'verify', '--service', app.url, '--json');
  expect(code).toBe(0);
  const verdict = JSON.parse(out) as { readonly entries: number };
  expect(verdict).toMatchObject({ ok: true, incidents: false, fault: null });
  // The key, and the two steps of the incident.
  expect(verdict.entries).toBeGreaterThanOrEqual(3);
  expect((await run('audit', 'export', '--service', app.url)).out.trim().split('\n')).toHaveLength(
    verdict.entries,
  );
});

test('its dead letters are listed and sent again', async () => {
  const listed = async (): Promise<string[]> =>
    (await run('alarms', 'list', '--service', app.url)).out.trim().split('\n').filter(Boolean);
  await until(async () => (await listed()).length >= 2);
  expect((await listed())[0]).toMatch(/gone {2}a-1 {2}cabinwatch\.incident\.opened .*410/);
  const [id = ''] = (await listed())[0]?.split(' ') ?? [];
  expect((await run('alarms', 'replay', id, '--service', app.url)).out).toBe('1 back in line\n');
});

test('without a key, and where nobody answers, it says what is missing', async () => {
  const key = process.env.CABINWATCH_KEY ?? '';
  vi.stubEnv('CABINWATCH_KEY', '');
  expect((await run('audit', 'verify', '--service', app.url)).err).toContain('CABINWATCH_KEY');
  vi.stubEnv('CABINWATCH_KEY', key);
  expect((await run('audit', 'verify', '--service', 'http://127.0.0.1:9')).err).toContain(
    'No service answers',
  );
  expect((await run('audit', 'verify', '--service', app.url, '--data', dataDir)).code).toBe(2);
});

test('gives out what lets a screen into its cabin', async () => {
  const paired = await run('cabins', 'pair', 'a-1', '--service', app.url);
  expect(paired).toMatchObject({ code: 0, err: '' });
  const address = new URL(/http:\S+/.exec(paired.out)?.[0] ?? '');
  expect(address.pathname).toBe('/cabin/a-1');
  const code = new URLSearchParams(address.hash.slice(1)).get('code');
  expect(paired.out).toContain(code);
  const letIn = await fetch(`${app.url}/api/cabins/a-1/pairing`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  expect(letIn.status).toBe(201);

  const unknown = await run('cabins', 'pair', 'nowhere', '--service', app.url);
  expect(unknown.code).not.toBe(0);
  expect(unknown.err).toContain('nowhere');
});
