import { expect, test } from 'vitest';
import { generateTraffic, type TrafficItem, type TrafficMessage } from './traffic.ts';

const isMessage = (item: TrafficItem): item is TrafficMessage => item.kind === 'message';

test('the same seed gives the same traffic, another seed another', () => {
  const read = (seed: number): string =>
    JSON.stringify([...generateTraffic({ lifts: 3, seconds: 300, seed })]);
  expect(read(7)).toBe(read(7));
  expect(read(7)).not.toBe(read(8));
});

test('items come in order of arrival, none before it was sent, and all of the asked time', () => {
  const traffic = generateTraffic({ lifts: 5, seconds: 900, startAt: 0 });
  const items = [...traffic];
  const received = items.map((item) => item.receivedAt);
  expect(received).toEqual([...received].sort((a, b) => a - b));
  expect(items.every((item) => item.receivedAt >= item.at)).toBe(true);
  expect(new Set(items.map((item) => item.liftId))).toEqual(new Set(traffic.liftIds));
  expect(Math.max(...items.map((item) => item.at))).toBeGreaterThan(890_000);
  expect(Math.max(...items.map((item) => item.at))).toBeLessThan(900_000);
});

test('the link loses, repeats, reorders and leaves gaps as asked', () => {
  const messages = [...generateTraffic({ lifts: 20, seconds: 3600, behaviours: false })].filter(isMessage);
  const sent = new Map<string, number>();
  for (const { liftId, message } of messages)
    sent.set(liftId, Math.max(sent.get(liftId) ?? 0, (message.seq as number) + 1));
  const total = [...sent.values()].reduce((sum, count) => sum + count, 0);
  const arrived = new Set(messages.map(({ liftId, message }) => `${liftId} ${message.seq}`)).size;
  // 5 % lost, and half of four gaps of 30 s an hour: 1.7 % more.
  expect(arrived / total).toBeGreaterThan(0.91);
  expect(arrived / total).toBeLessThan(0.95);
  expect(messages.length / arrived).toBeGreaterThan(1.08);
  expect(messages.length / arrived).toBeLessThan(1.12);
  const last = new Map<string, number>();
  const disorder = messages.filter(({ liftId, message }) => {
    const before = last.get(liftId) ?? -1;
    last.set(liftId, message.seq as number);
    return (message.seq as number) < before;
  });
  expect(disorder.length).toBeGreaterThan(100);
  const skews = messages.map(({ at, message }) => (message.ts as number) - at);
  expect(Math.max(...skews.map(Math.abs))).toBeLessThanOrEqual(3000);
  expect(Math.max(...skews) - Math.min(...skews)).toBeGreaterThan(3000);
});

test('every planned entrapment comes to pass, each with people behind a closed door in a standing car', () => {
  const traffic = generateTraffic({ entrapments: 20, loss: 0, gaps: { perHour: 0, seconds: 30 }, skewMs: 0 });
  const messages = [...traffic].filter(isMessage);
  expect(traffic.entrapments).toHaveLength(20);
  for (const { liftId, place, from, until, people } of traffic.entrapments) {
    expect(people).toBeGreaterThan(0);
    expect(until).toBeLessThan(Date.UTC(2026, 0, 5, 8));
    const during = messages.filter((m) => m.liftId === liftId && m.at >= from && m.at < until);
    expect(during.length).toBeGreaterThan(20);
    for (const { message } of during) {
      expect(message).toMatchObject({ door: 'closed', speed: 0, doorZone: place === 'at-floor' });
    }
  }
});

test('in ordinary traffic nobody stands behind a closed door for long', () => {
  const people = new Map<string, { count: number; shutSince: number }>();
  let longest = 0;
  const clean = { loss: 0, duplicates: 0, delayMs: 0, gaps: { perHour: 0, seconds: 0 }, skewMs: 0 };
  for (const item of generateTraffic({ ...clean, behaviours: true })) {
    const lift = people.get(item.liftId) ?? { count: 0, shutSince: item.at };
    people.set(item.liftId, lift);
    if (item.kind === 'behaviour') lift.count = Number(item.event.evidence.count);
    else if (item.message.door !== 'closed' || item.message.speed !== 0) lift.shutSince = item.at;
    if (lift.count > 0) longest = Math.max(longest, item.at - lift.shutSince);
  }
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(14_000);
});

test('occupancy begins, changes and ends', () => {
  const events = [...generateTraffic({ lifts: 2, seconds: 1800 })].flatMap((item) =>
    item.kind === 'behaviour' ? [item.event] : [],
  );
  expect(new Set(events.map((event) => event.phase))).toEqual(new Set(['started', 'updated', 'ended']));
  for (const { ts, startedAt } of events) expect(startedAt).toBeLessThanOrEqual(ts);
});
