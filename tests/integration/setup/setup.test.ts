import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const isRoot = process.getuid?.() === 0;

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs the set-up on a machine that has these programs and no others. Each is the body of a shell script. */
function setUpWith(
  programs: Record<string, string>,
  options: { readonly uid?: number } = {},
): Promise<Outcome> {
  // A copy, since another user may not look into the folder that the project is in.
  const copy = mkdtempSync(join(tmpdir(), 'cabinwatch-setup-'));
  const bin = join(copy, 'bin');
  cpSync(join(ROOT, 'scripts'), join(copy, 'scripts'), { recursive: true });
  mkdirSync(bin);
  for (const folder of [copy, bin]) chmodSync(folder, 0o755);
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const env = { PATH: bin, BIN: bin };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['scripts/setup.mjs', '--for', 'demo'],
      { cwd: copy, env, ...options },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: out + err });
      },
    );
  });
}

const NOTHING_INSTALLED = 'exit 1';

test('without apt, one message names what to install', async () => {
  const { code, output } = await setUpWith({});
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toMatch(/^setup: these programs are missing: ffmpeg, ffprobe\. .*brew install ffmpeg/);
});

test.runIf(isRoot)('on Debian without root, the command to run is given', async () => {
  const { code, output } = await setUpWith(
    { 'apt-get': 'exit 1', 'dpkg-query': NOTHING_INSTALLED },
    { uid: 65_534 },
  );
  expect(code).toBe(1);
  expect(output).toContain('sudo apt-get install -y --no-install-recommends ffmpeg');
});

test.runIf(isRoot)('on Debian as root, a closed network is told as such', async () => {
  const aptGet = 'echo "Temporary failure resolving deb.example" >&2; exit 100';
  const { code, output } = await setUpWith({ 'apt-get': aptGet, 'dpkg-query': NOTHING_INSTALLED });
  expect(code).toBe(1);
  expect(output).toContain('The network cannot be reached; this step needs it once');
  expect(output).toContain('Temporary failure resolving deb.example');
});

test.runIf(isRoot)('stale package lists are read anew, once, and the install is tried again', async () => {
  // Fails until the lists were updated; then "installs" by doing nothing and fails to be found by the next step.
  const aptGet = [
    'echo "$1" >> "$BIN/calls"',
    'if [ "$1" = update ]; then : > "$BIN/fresh"; exit 0; fi',
    '[ -e "$BIN/fresh" ] && [ "$1" = install ] && { echo "out of space" >&2; exit 1; }',
    'echo "E: Unable to locate package ffmpeg" >&2; exit 100',
  ].join('\n');
  const { code, output } = await setUpWith({ 'apt-get': aptGet, 'dpkg-query': NOTHING_INSTALLED });
  expect(code).toBe(1);
  expect(output).toContain('reading the Debian package lists');
  expect(output).toContain('out of space');
  expect(output).not.toContain('network');
});

test('the manifest, the set-up and the doctor ask for the same Node', () => {
  const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
  const [major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node)?.slice(1) ?? [];
  expect(text('scripts/setup.mjs')).toContain(`MINIMUM_NODE = [${major}, ${minor}]`);
  expect(text('cli/doctor/check-node.ts')).toContain(`MINIMUM = [${major}, ${minor}]`);
});
