import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CabinTerminal, ManualClock } from '../../../core/index.ts';
import { createTerminals, type Terminals } from '../../../signaling/index.ts';
import { temporaryDataDir } from '../../fixtures/data-dir.ts';

const ENGINEER = { kind: 'user', id: 'u1', name: 'Li' } as const;
const MONTHS = 200 * 24 * 3_600_000;

let dir: string;
let clock: ManualClock;
let terminals: Terminals;
let revoked: CabinTerminal[];

/** As after a start of the service. */
const open = async (): Promise<void> => {
  terminals = await createTerminals({ dir, clock, onRevoked: (terminal) => revoked.push(terminal) });
};
const pair = (liftId = 'l1') => terminals.pair(liftId, terminals.invite(liftId, ENGINEER).code);

beforeEach(async () => {
  dir = join(temporaryDataDir(), 'terminals');
  clock = new ManualClock(1_700_000_000_000);
  revoked = [];
  await open();
});

describe('a screen that was paired', () => {
  it('is admitted to its own lift, after restarts and months', async () => {
    const { terminal, secret } = await pair();
    clock.advance(MONTHS);
    await open();
    expect(await terminals.admit('l1', secret)).toEqual(terminal);
    expect(await terminals.terminal('l1')).toMatchObject({ liftId: 'l1', pairedBy: ENGINEER });
    expect(await terminals.admit('l2', secret)).toBeUndefined();
    for (const wrong of ['', 'x', `${secret}x`, secret.toLowerCase()])
      expect(await terminals.admit('l1', wrong)).toBeUndefined();
  });

  it('is shown out by the next one, and when it is revoked', async () => {
    const first = await pair();
    const second = await pair();
    expect(revoked).toEqual([first.terminal]);
    expect(await terminals.admit('l1', first.secret)).toBeUndefined();
    expect(await terminals.admit('l1', second.secret)).toEqual(second.terminal);
    await terminals.revoke('l1');
    expect(revoked).toEqual([first.terminal, second.terminal]);
    expect(await terminals.admit('l1', second.secret)).toBeUndefined();
    await open();
    expect(await terminals.terminal('l1')).toBeUndefined();
    await terminals.revoke('l1');
    expect(revoked).toHaveLength(2);
  });

  it('is not shown out by a code that is wrong', async () => {
    const { secret } = await pair();
    await expect(terminals.pair('l1', 'WRNG-2345')).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await terminals.admit('l1', secret)).toBeDefined();
    expect(revoked).toEqual([]);
  });

  it('leaves a file that only the service reads, without its secret', async () => {
    const { secret } = await pair('塔楼/A');
    const [name = ''] = await readdir(dir);
    expect((await stat(join(dir, name))).mode & 0o077).toBe(0);
    expect(await readFile(join(dir, name), 'utf8')).not.toContain(secret);
    expect(await terminals.admit('塔楼/A', secret)).toBeDefined();
  });

  it('is paired anew where its file was damaged', async () => {
    const { secret } = await pair();
    const [name = ''] = await readdir(dir);
    await writeFile(join(dir, name), '{"id": "terminal-');
    await open();
    expect(await terminals.admit('l1', secret)).toBeUndefined();
    const again = await pair();
    expect(await terminals.admit('l1', again.secret)).toEqual(again.terminal);
  });
});
