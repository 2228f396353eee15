import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../../cli/index.ts';
import { silentLogger } from '../../../core/index.ts';
import { createStorage } from '../../../storage/index.ts';
import { SECRET } from './crash.ts';
import { type Program, startPostgres, tempFolder } from './programs.ts';
import { change, messageOf, storageOptions } from './records.ts';

let postgres: Program;
let sql: Client;
const dataDir = tempFolder();
const anchorFile = join(dataDir, 'anchors.jsonl');
const posted: string[] = [];
const receiver = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
  posted.push(body);
  response.writeHead(200).end();
});

beforeAll(async () => {
  postgres = await startPostgres();
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as { port: number };
  const first = await createStorage(storageOptions({ dataDir, url: postgres.url }), {
    sinks: [],
    logger: silentLogger,
  });
  for (const version of [1, 2, 3, 4, 5, 6])
    await first.incidents.record([change({ id: 'audit', version })], messageOf);
  await first.close();
  // The head is anchored when a service starts.
  const anchor = { file: anchorFile, url: `http://127.0.0.1:${port}/`, secret: SECRET };
  const second = await createStorage(storageOptions({ dataDir, url: postgres.url, anchor }), {
    sinks: [],
    logger: silentLogger,
  });
  await vi.waitFor(() => expect(posted).toHaveLength(1), 10_000);
  await second.close();
  sql = new Client({ connectionString: postgres.url });
  sql.on('error', () => {});
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  receiver.close();
  await postgres.remove();
  rmSync(dataDir, { recursive: true });
});

interface Verdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly fault: { readonly seq: number; readonly why: string } | null;
}

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    process.exitCode = 0;
    const code = await main(['node', 'cabinwatch', ...args, '--url', postgres.url]);
    return { code, out: write.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    write.mockRestore();
    process.exitCode = 0;
  }
}

async function verify(...more: string[]): Promise<{ code: number; verdict: Verdict }> {
  const { code, out } = await run('audit', 'verify', '--json', ...more);
  return { code, verdict: JSON.parse(out) as Verdict };
}

/** As somebody would who has the database to himself. The transaction is taken back, whatever came of it. */
async function tampered(statement: string, ...more: string[]): Promise<{ code: number; verdict: Verdict }> {
  const tables = ['audit', 'changes', 'heads'];
  for (const table of tables) await sql.query(`create table kept_${table} as table ${table}`);
  await sql.query("set session_replication_role = 'replica'");
  try {
    await sql.query(statement);
    return await verify(...more);
  } finally {
    for (const table of tables) {
      await sql.query(`delete from ${table}`);
      await sql.query(`insert into ${table} select * from kept_${table}`);
      await sql.query(`drop table kept_${table}`);
    }
    await sql.query("set session_replication_role = 'origin'");
  }
}

test('the database itself refuses to change what is append-only', async () => {
  for (const statement of [
    "update audit set body = '{}'",
    'delete from audit',
    'truncate audit',
    "update changes set body = '{}'",
    'delete from changes',
    'truncate changes cascade',
  ])
    await expect(sql.query(statement)).rejects.toThrow('append-only');
});

test('an untouched log is found so, and its anchor was written down and posted, signed', async () => {
  expect(await verify('--anchor', anchorFile)).toMatchObject({
    code: 0,
    verdict: { ok: true, entries: 6, fault: null },
  });
  const anchor = JSON.parse(readFileSync(anchorFile, 'utf8')) as { seq: number; hash: string };
  expect(anchor.seq).toBe(6);
  expect(JSON.parse(posted[0] ?? '')).toMatchObject({ data: anchor });
});

test.each([
  [
    'an edited entry',
    "update audit set body = replace(body, 'incident.updated', 'incident.closed') where seq = 3",
    3,
  ],
  ['a removed entry', 'delete from audit where seq = 2', 2],
  ['a removed end', 'delete from audit where seq > 4', 5],
  [
    'two that changed places',
    'update audit set seq = 0 where seq = 2; update audit set seq = 2 where seq = 5; update audit set seq = 5 where seq = 0',
    2,
  ],
  ['an edited incident', "update changes set body = replace(body, 'critical', 'notice') where seq = 4", 4],
  ['a removed incident change', 'delete from changes where seq = 6', 6],
  ['an invented incident change', "insert into changes values (7, 'x', 1, 'l', '{}')", 7],
])('%s is found, and the first bad entry named', async (_, statement, seq) => {
  const { code, verdict } = await tampered(statement);
  expect(code).toBe(1);
  expect(verdict.fault?.seq).toBe(seq);
});

test('an end cut off together with the head is found by the anchor alone', async () => {
  const cut = `delete from audit where seq > 4; delete from changes where seq > 4;
    update heads set seq = 4; update heads set hash = (select hash from audit where seq = 4) where name = 'audit'`;
  expect((await tampered(cut)).verdict.ok).toBe(true);
  expect((await tampered(cut, '--anchor', anchorFile)).verdict.fault?.seq).toBe(5);
});

test('an anchor file that is none is the caller’s mistake', async () => {
  const bad = join(dataDir, 'bad.jsonl');
  writeFileSync(bad, 'no anchor\n');
  const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = await main(['node', 'cabinwatch', 'audit', 'verify', '--url', postgres.url, '--anchor', bad]);
  expect(code).not.toBe(0);
  expect(String(error.mock.calls.at(-1)?.[0])).toContain('bad.jsonl, line 1');
  error.mockRestore();
});

test('the log is exported whole, a line an entry', async () => {
  const { code, out } = await run('audit', 'export');
  const entries = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number });
  expect(code).toBe(0);
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('dead letters are listed and put back in line', async () => {
  const options = storageOptions({ dataDir, url: postgres.url });
  const storage = await createStorage(options, { sinks: ['desk'], logger: silentLogger });
  await storage.incidents.record([change({ id: 'dead' })], messageOf);
  const [item] = await storage.outbox.due('desk', Date.now(), 1);
  await storage.outbox.bury(item?.id ?? 0, 1000, 'gone for good');
  await storage.close();

  const { out } = await run('alarms', 'list', '--json');
  expect(JSON.parse(out)).toMatchObject({
    id: item?.id,
    sink: 'desk',
    error: 'gone for good',
    message: { id: 'dead/1' },
  });
  expect((await run('alarms', 'replay', String(item?.id))).out).toBe('1 back in line\n');
  expect((await run('alarms', 'list')).out).toBe('');
  expect((await run('alarms', 'replay', 'some')).code).toBe(2);
});
