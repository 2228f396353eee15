import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TurnCredentials, turnCredentials } from '../../../signaling/index.ts';
import { type Coturn, startCoturn } from './coturn.ts';

const SECRET = 'the-shared-secret-of-the-tests';

let coturn: Coturn;
beforeAll(async () => {
  coturn = await startCoturn(SECRET);
});
afterAll(() => coturn?.close());

/** coturn's own test client: two allocations that send a few messages to each other. */
function useTurn({ username, credential }: TurnCredentials): Promise<{ ok: boolean; output: string }> {
  const args = [
    '-y',
    '-c',
    '-n',
    '2',
    '-m',
    '1',
    '-u',
    username,
    '-w',
    credential,
    '-p',
    String(coturn.port),
    coturn.host,
  ];
  return new Promise((resolve) => {
    execFile('turnutils_uclient', args, { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    );
  });
}

it('coturn relays for who has credentials of the same secret', async () => {
  const { ok, output } = await useTurn(turnCredentials(SECRET, 'operator-1', Date.now(), 300));
  expect(output).toMatch(/tot_recv_msgs=[1-9]/);
  expect(ok).toBe(true);
});

it.each([
  ['of another secret', turnCredentials('another', 'operator-1', Date.now(), 300)],
  ['that have run out', turnCredentials(SECRET, 'operator-1', Date.now() - 400_000, 300)],
  [
    'whose expiry was put off by hand',
    {
      ...turnCredentials(SECRET, 'operator-1', Date.now() - 400_000, 300),
      username: `${Math.floor(Date.now() / 1000) + 9999}:operator-1`,
    },
  ],
])('coturn refuses credentials %s', async (_name, credentials) => {
  const { ok, output } = await useTurn(credentials);
  expect(ok).toBe(false);
  expect(output).toMatch(/401|Unauthorized|Cannot complete Allocation/i);
});
