import { rmSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { silentLogger } from '../../../core/index.ts';
import { createStorage, type Storage } from '../../../storage/index.ts';
import { storageContract } from '../../contract/storage-contract.ts';
import { type Program, startPostgres, tempFolder } from './programs.ts';
import { storageOptions } from './records.ts';

const folders: string[] = [];
let postgres: Program;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function open(own: Readonly<Record<string, unknown>>): Promise<Storage> {
  const dataDir = tempFolder();
  folders.push(dataDir);
  const options = storageOptions({ dataDir, ...own });
  return createStorage(options, { sinks: ['one', 'two'], logger: silentLogger, env: {} });
}

storageContract('PGlite', () => open({}));
storageContract('PostgreSQL', () => open({ url: postgres.url }));
