import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server program of the tests' own, in a folder of its own, on a free port of this machine only. */
export interface Program {
  readonly url: string;
  start(): Promise<void>;
  /** Ends it the hard way, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** PostgreSQL refuses to run as root; Debian's package brings this user along. */
const POSTGRES_USER = 'postgres';

export async function startPostgres(): Promise<Program> {
  const bin = postgresBin();
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-pg-'));
  const data = join(folder, 'data');
  const user = process.getuid?.() === 0 ? accountOf(POSTGRES_USER) : undefined;
  chmodSync(folder, 0o755);
  if (user) chownSync(folder, user.uid, user.gid);
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'cabinwatch', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      ...user,
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder];
  return program({
    url: `postgres://cabinwatch@127.0.0.1:${port}/postgres`,
    folder,
    begin: () => spawn(join(bin, 'postgres'), args, { ...user, cwd: folder, stdio: 'ignore' }),
    ready: () => answers(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q']),
  });
}

export async function startRedis(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction');
  return program({
    url: `redis://127.0.0.1:${port}`,
    folder,
    begin: () => spawn('redis-server', args, { stdio: 'ignore' }),
    ready: () => pong(port),
  });
}

interface Recipe {
  readonly url: string;
  readonly folder: string;
  readonly begin: () => ChildProcess;
  readonly ready: () => Promise<boolean>;
}

async function program({ url, folder, begin, ready }: Recipe): Promise<Program> {
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    for (let tries = 0; tries < 600; tries += 1) {
      // Killed, PostgreSQL leaves helpers behind for a moment, and does not start before they are gone.
      if (!child || child.exitCode !== null || child.signalCode !== null) child = begin();
      if (await ready()) return;
      await sleep(50);
    }
    throw new Error(`${child?.spawnfile} does not start`);
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    start,
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function postgresBin(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new Error('PostgreSQL is missing: apt-get install postgresql');
  return found;
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function answers(command: string, args: readonly string[]): Promise<boolean> {
  const [code] = (await once(spawn(command, args, { stdio: 'ignore' }), 'exit')) as [number | null];
  return code === 0;
}

function pong(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString().startsWith('+PONG'));
    });
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'cabinwatch-data-'));
