import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Coturn {
  readonly host: string;
  readonly port: number;
  /** `turn:HOST:PORT` */
  readonly url: string;
  /** What it has written so far. */
  log(): string;
  close(): Promise<void>;
}

/** coturn as Debian ships it, with the REST scheme's shared secret, on one address and a free port. */
export async function startCoturn(secret: string, host = '127.0.0.1'): Promise<Coturn> {
  const port = await freeUdpPort(host);
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-turn-'));
  let log = '';
  const child = spawn(
    'turnserver',
    [
      '-n',
      `--listening-ip=${host}`,
      `--relay-ip=${host}`,
      `--listening-port=${port}`,
      '--use-auth-secret',
      `--static-auth-secret=${secret}`,
      '--realm=cabinwatch.test',
      '--no-tls',
      '--no-dtls',
      '--no-cli',
      // The peers of these tests live on this machine.
      '--allow-loopback-peers',
      '--cli-password=none-is-used',
      `--userdb=${join(folder, 'turndb')}`,
      `--pidfile=${join(folder, 'pid')}`,
      '--log-file=stdout',
      '--simple-log',
      '--verbose',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder },
  );
  const keep = (text: Buffer): void => {
    log += text.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  await untilListening(child, () => log);
  return {
    host,
    port,
    url: `turn:${host}:${port}`,
    log: () => log,
    async close() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function untilListening(child: ChildProcess, log: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (/UDP listener opened/i.test(log())) resolve();
    };
    child.stdout?.on('data', look);
    child.once('error', () =>
      reject(new Error('turnserver is missing. Install it (Debian: apt install coturn).')),
    );
    child.once('exit', (code) => reject(new Error(`turnserver ended with ${code}: ${log().slice(-800)}`)));
  });
}

export async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
