import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkIce, checkStorage } from '../../../cli/index.ts';
import { silentLogger } from '../../../core/index.ts';
import { createStorage } from '../../../storage/index.ts';
import { startCoturn } from '../signaling/coturn.ts';
import { startPostgres } from '../storage/programs.ts';
import { storageOptions } from '../storage/records.ts';

test('a real coturn answers over UDP and TCP', async () => {
  const coturn = await startCoturn('a-shared-secret');
  const findings = await checkIce({
    stun: [coturn.url.replace('turn:', 'stun:')],
    turn: [coturn.url, `${coturn.url}?transport=tcp`],
    secret: 'a-shared-secret',
  });
  await coturn.close();
  expect(findings.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok']);
});

test('a real PostgreSQL is known, before and after a service has made its tables there', async () => {
  const postgres = await startPostgres();
  const dataDir = mkdtempSync(join(tmpdir(), 'cabinwatch-doctor-'));
  const check = async () => (await checkStorage({ url: postgres.url, dataDir, timeout: 5 })).at(-1);
  expect(await check()).toMatchObject({ level: 'ok', facts: { hasRecords: false } });
  const storage = await createStorage(storageOptions({ dataDir, url: postgres.url }), {
    sinks: [],
    logger: silentLogger,
  });
  await storage.close();
  expect(await check()).toMatchObject({ level: 'ok', facts: { hasRecords: true } });
  await postgres.remove();
  rmSync(dataDir, { recursive: true });
});
