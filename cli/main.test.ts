import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import { createProgram } from './main.ts';

const BIN = fileURLToPath(new URL('../bin/cabinwatch.js', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function cabinwatch(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

test('--help lists every command and loads none of them', async () => {
  const { code, out } = await cabinwatch('--help');
  expect(code).toBe(0);
  for (const { name } of COMMANDS) expect(out).toContain(`\n  ${name} `);
});

test('every command can be loaded under its own name and describes itself', async () => {
  for (const { name } of COMMANDS) {
    const program = await createProgram([name]);
    const command = program.commands.find((candidate) => candidate.name() === name);
    expect(command?.description(), name).not.toBe('');
    expect(program.commands.filter((candidate) => candidate.name() === name)).toHaveLength(1);
  }
});

test('a command’s own help comes with its options', async () => {
  const { code, out } = await cabinwatch('help', 'doctor');
  expect(code).toBe(0);
  expect(out).toContain('--camera <url|id>');
});

test('a mistyped command or option is the caller’s mistake, with a hint', async () => {
  const command = await cabinwatch('docter');
  expect(command.code).toBe(2);
  expect(command.err).toMatch(/unknown command 'docter'.*\n.*doctor/);
  const option = await cabinwatch('doctor', '--jsn');
  expect(option.code).toBe(2);
  expect(option.err).toMatch(/unknown option '--jsn'/);
});

test('bad input gives one clear line and exit 2; --verbose adds where and why', async () => {
  const short = await cabinwatch('config', 'check', '/nowhere.yaml');
  expect(short).toEqual({
    code: 2,
    out: '',
    err: 'cabinwatch: The configuration /nowhere.yaml cannot be read: does not exist.\n',
  });
  const long = await cabinwatch('config', 'check', '/nowhere.yaml', '--verbose');
  expect(long.code).toBe(2);
  expect(long.err).toMatch(/^cabinwatch: The configuration .*\n(.*\n)+caused by: Error: ENOENT/);
});

test('config check lists every mistake, for people and for programs', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'cabinwatch-cli-')), 'site.yaml');
  writeFileSync(file, 'api: { prot: 1 }\nlifts: 3\n');
  const people = await cabinwatch('config', 'check', file);
  expect(people.code).toBe(2);
  expect(people.err.trim().split('\n')).toHaveLength(3);
  const programs = await cabinwatch('config', 'check', '--json', file);
  expect(programs.code).toBe(2);
  expect(JSON.parse(programs.out)).toMatchObject({
    ok: false,
    problems: [
      { path: 'api.prot', line: 1 },
      { path: 'lifts', line: 2 },
    ],
  });
});

test('the version is the package’s', async () => {
  const { out } = await cabinwatch('--version');
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
