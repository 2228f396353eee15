import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { AlarmMessage } from '../../../core/index.ts';

export const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

/** A receiver that takes everything and remembers what came, in order. */
export async function startReceiver(): Promise<{ url: string; received: AlarmMessage[]; close(): void }> {
  const received: AlarmMessage[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push(JSON.parse(Buffer.concat(parts).toString()) as AlarmMessage);
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

export interface Orders {
  readonly storage: Readonly<Record<string, unknown>>;
  readonly alarms: Readonly<Record<string, unknown>>;
}

export interface CrashChild {
  readonly process: ChildProcess;
  readonly acked: string[];
  readonly lines: string[];
  /** Resolves when that many changes have been acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** Resolves at the first line that is this one. */
  said(line: string): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

export function startChild(orders: Orders, round: number, lifts: number): CrashChild {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', CHILD, JSON.stringify({ ...orders, round, lifts })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  const acked: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    if (line.startsWith('ack ')) acked.push(line.slice(4));
    else lines.push(line);
    for (const look of waiting) look();
  });
  const when = (come: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!come()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      child.once('exit', (code) => reject(new Error(`the child ended (${code}) before ${what}`)));
      look();
    });
  return {
    process: child,
    acked,
    lines,
    acknowledged: (count) => when(() => acked.length >= count, `${count} acknowledgements`),
    said: (line) => when(() => lines.includes(line), `"${line}"`),
  };
}

/** Seeded, so that a failure can be had again: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Rounds of load, each ended by SIGKILL at some moment, then a last one without load until all is told. */
export async function killRounds(
  orders: Orders,
  rounds: number,
  random: () => number,
  meanwhile: () => Promise<void> = async () => {},
): Promise<string[]> {
  const acked: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const child = startChild(orders, round, 6);
    await child.acknowledged(10 + Math.floor(random() * 60));
    await sleep(random() * 30);
    await meanwhile();
    const ended = once(child.process, 'close');
    child.process.kill('SIGKILL');
    await ended;
    acked.push(...child.acked);
  }
  const last = startChild(orders, rounds + 1, 0);
  const ended = once(last.process, 'close');
  await last.said('empty');
  await ended;
  return acked;
}

/** Everything acknowledged has arrived under its own id, and the first arrivals of each lift are in its order. */
export function expectAllInOrder(acked: readonly string[], arrived: readonly AlarmMessage[]): void {
  const ids = arrived.map(({ id }) => id);
  const got = new Set(ids);
  expect(acked.length).toBeGreaterThan(20);
  expect(acked.filter((id) => !got.has(id))).toEqual([]);
  const lastOf = new Map<string, readonly [number, number]>();
  for (const { id, data } of new Map(arrived.map((message) => [message.id, message])).values()) {
    const round = Number(/^r(\d+)/.exec(id)?.[1]);
    const [lastRound, lastVersion] = lastOf.get(data.incident.liftId) ?? [0, 0];
    const { version } = data.incident;
    const follows = round === lastRound ? version === lastVersion + 1 : round > lastRound && version === 1;
    expect(follows, `${id} came after r${lastRound}/${lastVersion} of ${data.incident.liftId}`).toBe(true);
    lastOf.set(data.incident.liftId, [round, version]);
  }
}
