import { createCarTracker, createSilenceLimits, readMessage } from '../../controllers/index.ts';
import { LIFTS, liftId, messageText } from './messages.ts';

export interface InMemory {
  /** Messages per second of one core. */
  readonly ours: number;
  readonly bare: number;
  /** Bytes of heap per lift after each has spoken. */
  readonly oursPerLift: number;
  readonly barePerLift: number;
}

const LIMITS = createSilenceLimits({
  unknownAfter: {
    door: 20,
    doorZone: 20,
    floor: 60,
    direction: 20,
    speed: 20,
    mode: 120,
    load: 60,
    faults: 60,
    alarmButton: 60,
  },
  silentAfter: 60,
  willGrace: 10,
})({});
const ROUNDS = 6;

/** Text to car state, beside the least that anyone could do: parse it and put it into a map. In turn, so that both have the same machine. */
export function measureInMemory(): InMemory {
  const now = Date.now();
  const texts = (round: number): string[] =>
    Array.from({ length: LIFTS }, (_, lift) => messageText(round + (lift % 7), now + round * 5000));
  const ids = Array.from({ length: LIFTS }, (_, lift) => liftId(lift));
  const first = texts(0);

  const bareHeap = heap();
  const map = new Map<string, unknown>();
  for (const [lift, text] of first.entries()) map.set(ids[lift] as string, JSON.parse(text));
  const oursHeap = heap();
  const trackers = ids.map((id) => createCarTracker({ liftId: id, limits: LIMITS }));
  const push = (lift: number, text: string, at: number): void => {
    const read = readMessage(JSON.parse(text));
    if ('message' in read) trackers[lift]?.push(read.message, at);
  };
  for (const [lift, text] of first.entries()) push(lift, text, now);
  const end = heap();

  let [oursMs, bareMs] = [0, 0];
  for (let round = 1; round <= ROUNDS; round++) {
    const all = texts(round * 10);
    const at = now + round * 50_000;
    const [a, b] = [
      time(() => {
        for (const [lift, text] of all.entries()) map.set(ids[lift] as string, JSON.parse(text));
      }),
      time(() => {
        for (const [lift, text] of all.entries()) push(lift, text, at);
      }),
    ];
    // The first round compiles.
    if (round === 1) continue;
    bareMs += a;
    oursMs += b;
  }
  const messages = LIFTS * (ROUNDS - 1);
  return {
    ours: (messages / oursMs) * 1000,
    bare: (messages / bareMs) * 1000,
    oursPerLift: (end - oursHeap) / LIFTS,
    barePerLift: (oursHeap - bareHeap) / LIFTS,
  };
}

/** Processor time, ms: others use the machine too. */
function time(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function heap(): number {
  if (!globalThis.gc) throw new Error('run it with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
