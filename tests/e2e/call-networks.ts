import { execFile, execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = (...args: string[]): Promise<unknown> => run('ip', args);

/** Why network namespaces can't be had here; undefined where they can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    execFileSync('ip', ['netns', 'add', 'cabinwatch-probe'], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'del', 'cabinwatch-probe'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `network namespaces can't be made here: ${(error as Error).message}`;
  }
}

export interface Network {
  /** Our end: what the machine inside reaches us by. */
  readonly gateway: string;
  /** A Chromium that runs inside. */
  readonly chromium: string;
  /** Takes the machine's address away and gives it another, as when a phone changes its cell. */
  moveTo(lastByte: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A machine of its own on 10.77.`subnet`.0/24, joined to this one by a cable. Nothing is forwarded: two of them reach each other only
 * through what listens here.
 */
export async function openNetwork(name: string, subnet: number): Promise<Network> {
  const space = `cw-${name}-${process.pid}`;
  const [ours, theirs] = [
    `cw${subnet}a${process.pid}`.slice(0, 15),
    `cw${subnet}b${process.pid}`.slice(0, 15),
  ];
  const gateway = `10.77.${subnet}.1`;
  const inside = (...args: string[]): Promise<unknown> => ip('-n', space, ...args);
  const give = async (lastByte: number): Promise<void> => {
    await inside('addr', 'add', `10.77.${subnet}.${lastByte}/24`, 'dev', theirs);
    await inside('route', 'replace', 'default', 'via', gateway);
  };
  await ip('netns', 'add', space);
  await ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', space);
  await ip('addr', 'add', `${gateway}/24`, 'dev', ours);
  await ip('link', 'set', ours, 'up');
  await inside('link', 'set', 'lo', 'up');
  await inside('link', 'set', theirs, 'up');
  await give(2);
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-net-'));
  const chromium = join(folder, 'chromium');
  const real = process.env.CHROMIUM ?? '/usr/bin/chromium';
  await writeFile(chromium, `#!/bin/sh\nexec ip netns exec ${space} ${real} "$@"\n`);
  await chmod(chromium, 0o755);
  return {
    gateway,
    chromium,
    async moveTo(lastByte) {
      await inside('addr', 'flush', 'dev', theirs);
      await give(lastByte);
    },
    async close() {
      // The space lives on as long as anything in it does; its cable must not.
      await ip('link', 'del', ours);
      await ip('netns', 'del', space);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface PoorLine {
  readonly port: number;
  /** Datagrams passed and lost so far, both ways. */
  readonly passed: number;
  readonly lost: number;
  close(): Promise<void>;
}

/** A way to a UDP server on which datagrams are late and some are lost; which ones is always the same. */
export async function openPoorLine(
  target: { readonly host: string; readonly port: number },
  options: {
    readonly host: string;
    readonly delayMs: number;
    readonly jitterMs: number;
    readonly loss: number;
  },
): Promise<PoorLine> {
  const front = createSocket('udp4');
  const behind = new Map<string, Socket>();
  const random = seeded(20_26);
  let passed = 0;
  let lost = 0;
  const pass = (send: () => void): void => {
    if (random() < options.loss) {
      lost += 1;
      return;
    }
    passed += 1;
    setTimeout(send, options.delayMs + (random() * 2 - 1) * options.jitterMs);
  };
  const forget = (): void => {};
  front.on('message', (data, { address, port }) => {
    const key = `${address}:${port}`;
    let socket = behind.get(key);
    if (!socket) {
      socket = createSocket('udp4');
      socket.on('message', (answer) => pass(() => front.send(answer, port, address, forget)));
      socket.on('error', forget);
      behind.set(key, socket);
    }
    const out = socket;
    pass(() => out.send(data, target.port, target.host, forget));
  });
  await new Promise<void>((resolve) => front.bind(0, options.host, resolve));
  return {
    port: front.address().port,
    get passed() {
      return passed;
    },
    get lost() {
      return lost;
    },
    async close() {
      for (const socket of [front, ...behind.values()]) socket.close();
    },
  };
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
