import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAR_FIELDS, type CarField, type TimelineEntry } from '../../core/index.ts';
import type { CheckedMessage } from '../message.ts';
import { testLimits } from '../testing/limits.ts';
import { createCarTracker } from './car-tracker.ts';

const limits = testLimits();
const tracker = () => createCarTracker({ liftId: 'a', limits });

describe('one lift', () => {
  test('knows nothing before the first message', () => {
    const state = tracker().state(1000);
    expect(state.link).toBe('never');
    for (const field of CAR_FIELDS)
      expect(state[field]).toEqual({ value: undefined, since: undefined, heardAt: undefined });
  });

  test('keeps each field with the time since when it is so and when it was last said', () => {
    const car = tracker();
    car.push({ ts: 1000, door: 'open', floor: 3 }, 1000);
    car.push({ ts: 3000, door: 'open' }, 3000);
    car.push({ ts: 5000, door: 'closing' }, 5000);
    const state = car.state(6000);
    expect(state.door).toEqual({ value: 'closing', since: 5000, heardAt: 5000 });
    expect(state.floor).toEqual({ value: 3, since: 1000, heardAt: 1000 });
    expect(state).toMatchObject({ link: 'online', linkSince: 1000, ts: 6000 });
  });

  test('silence makes every field unknown in its time, and then the link silent', () => {
    const car = tracker();
    car.push({ ts: 0, door: 'closed', speed: 0, mode: 'normal' }, 0);
    expect(car.deadline).toBe(20_000);
    expect(car.expire(19_999).changed).toBe(false);
    expect(car.state(19_999).speed.value).toBe(0);
    expect(car.state(20_000).speed).toEqual({ value: undefined, since: undefined, heardAt: 0 });
    expect(car.expire(20_000).changed).toBe(true);
    expect(car.state(59_999)).toMatchObject({ link: 'online', mode: { value: 'normal' } });
    expect(car.expire(60_000)).toMatchObject({ changed: true, timeline: [{ kind: 'link' }] });
    expect(car.state(61_000)).toMatchObject({
      link: 'silent',
      linkSince: 60_000,
      mode: { value: undefined },
    });
    expect(car.deadline).toBe(Infinity);
    expect(car.counters.silences).toBe(1);
  });

  test('what is heard again after silence is so only since then', () => {
    const car = tracker();
    car.push({ ts: 0, speed: 0 }, 0);
    car.push({ ts: 40_000, speed: 0 }, 40_000);
    expect(car.state(40_000).speed).toEqual({ value: 0, since: 40_000, heardAt: 40_000 });
  });

  test('null is unknown, at once', () => {
    const car = tracker();
    car.push({ ts: 0, door: 'closed' }, 0);
    expect(car.push({ ts: 1000, door: null }, 1000).changed).toBe(true);
    expect(car.state(1000).door).toEqual({ value: undefined, since: undefined, heardAt: 1000 });
  });

  test('a last will makes it silent after a grace, unless it comes back', () => {
    const car = tracker();
    car.push({ ts: 0, door: 'closed' }, 0);
    car.lost(2000);
    expect(car.state(11_999).link).toBe('online');
    expect(car.state(12_000)).toMatchObject({
      link: 'silent',
      linkSince: 12_000,
      door: { value: undefined },
    });
    car.push({ ts: 5000, door: 'closed' }, 5000);
    expect(car.state(12_000)).toMatchObject({ link: 'online', door: { value: 'closed', since: 0 } });
  });

  test('a message that only says when keeps the link, and no field', () => {
    const car = tracker();
    car.push({ ts: 0, door: 'closed' }, 0);
    expect(car.push({ ts: 30_000 }, 30_000).outcome).toBe('accepted');
    expect(car.state(70_000)).toMatchObject({ link: 'online', door: { value: undefined, heardAt: 0 } });
  });
});

describe('duplicates and reordering', () => {
  test.each([
    ['seq', (n: number) => ({ seq: n })],
    ['id', (n: number) => ({ id: `m${n}`, ts: n * 1000 })],
    ['ts', (n: number) => ({ ts: n * 1000 })],
  ])('a message that came before is a duplicate, known by %s', (_name, mark) => {
    const car = tracker();
    expect(car.push({ ...mark(1), door: 'open' }, 1000).outcome).toBe('accepted');
    expect(car.push({ ...mark(1), door: 'open' }, 1100)).toMatchObject({
      outcome: 'duplicate',
      changed: false,
    });
    expect(car.counters).toMatchObject({ accepted: 1, duplicates: 1 });
  });

  test('an older message changes only what no later one spoke of', () => {
    const car = tracker();
    car.push({ ts: 1000, seq: 1, door: 'closed' }, 1000);
    car.push({ ts: 3000, seq: 3, door: 'open' }, 3000);
    expect(car.push({ ts: 2000, seq: 2, door: 'opening', floor: 4 }, 3100).outcome).toBe('accepted');
    expect(car.state(3100)).toMatchObject({ door: { value: 'open' }, floor: { value: 4 } });
    expect(car.push({ ts: 500, seq: 0, door: 'closed' }, 3200).outcome).toBe('outdated');
    expect(car.counters).toMatchObject({ accepted: 3, reordered: 1, outdated: 1 });
  });

  test('a late word that says otherwise shortens what is believed to have lasted', () => {
    const car = tracker();
    car.push({ ts: 1000, speed: 0 }, 1000);
    car.push({ ts: 5000, speed: 0 }, 5000);
    expect(car.state(5000).speed.since).toBe(1000);
    car.push({ ts: 3000, speed: 1.2 }, 5200);
    expect(car.state(5200).speed).toMatchObject({ value: 0, since: 3000 });
  });

  test('fault codes are a set', () => {
    const car = tracker();
    car.push({ ts: 1000, faults: ['E2', 'E1'] }, 1000);
    expect(car.push({ ts: 2000, faults: ['E1', 'E2', 'E1'] }, 2000).changed).toBe(false);
    expect(car.state(2000).faults.value).toEqual(['E1', 'E2']);
  });
});

describe('restarts', () => {
  test('a lower number with a later time is a restart', () => {
    const car = tracker();
    for (let n = 100; n < 110; n++) car.push({ seq: n, ts: n * 1000, floor: n }, n * 1000);
    expect(car.push({ seq: 0, ts: 140_000, floor: 1 }, 140_000).outcome).toBe('accepted');
    expect(car.push({ seq: 1, ts: 145_000, floor: 2 }, 145_000).outcome).toBe('accepted');
    expect(car.state(145_000).floor.value).toBe(2);
    expect(car.counters.restarts).toBe(1);
  });

  test.each([
    ['far lower', 100, 0, 2000],
    ['a little lower, but after a pause', 5, 2, 30_000],
  ])('without times, a number %s is a restart', (_name, before, seq, pause) => {
    const car = tracker();
    car.push({ seq: before, floor: 9 }, 0);
    car.push({ seq, floor: 1 }, pause);
    expect(car.state(pause).floor.value).toBe(1);
    expect(car.counters.restarts).toBe(1);
  });

  test('a clock that was lost in the restart is found again at once', () => {
    const car = tracker();
    const day = Date.UTC(2026, 0, 5);
    car.push({ seq: 7, ts: day, floor: 5 }, day);
    car.push({ seq: 0, ts: 12_000, floor: 5 }, day + 60_000);
    expect(car.state(day + 60_000).floor).toMatchObject({ value: 5, heardAt: day + 60_000 });
    expect(car.counters.clockSteps).toBe(1);
  });
});

describe('clocks', () => {
  test.each([-86_400_000, -3000, 3000, 3_600_000])('a clock that is %d ms off does not matter', (skew) => {
    const car = tracker();
    const base = Date.UTC(2026, 0, 5);
    car.push({ ts: base + skew, door: 'closed' }, base + 40);
    car.push({ ts: base + 5000 + skew, door: 'open' }, base + 5040);
    const { door } = car.state(base + 6000);
    expect(door).toMatchObject({ value: 'open', since: base + 5040 });
  });

  test('a message held up by the link is dated when it was said', () => {
    const car = tracker();
    car.push({ ts: 0, door: 'closed' }, 100);
    car.push({ ts: 5000, door: 'open' }, 15_100);
    expect(car.state(15_100).door).toEqual({ value: 'open', since: 5100, heardAt: 5100 });
  });

  test('what comes too late to prove anything is unknown, not so', () => {
    const car = tracker();
    car.push({ ts: 0, door: 'closed' }, 0);
    car.push({ ts: 5000, door: 'open' }, 40_000);
    expect(car.state(40_000).door).toEqual({ value: undefined, since: undefined, heardAt: 5000 });
  });

  test('a clock that was set back is believed after 20 s', () => {
    const car = tracker();
    for (let at = 0; at <= 60_000; at += 5000) car.push({ ts: 600_000 + at, floor: 1 }, at);
    for (let at = 65_000; at <= 90_000; at += 5000) car.push({ ts: at, floor: 2 }, at);
    expect(car.state(90_000).floor).toMatchObject({ value: 2, heardAt: 90_000 });
    expect(car.counters.clockSteps).toBe(1);
  });
});

/** Messages of random parts of the state, said 1 s apart or more, and random arrivals of them. */
const value: { [K in CarField]: fc.Arbitrary<CheckedMessage[K]> } = {
  door: fc.constantFrom('open', 'opening', 'closing', 'closed', null),
  doorZone: fc.constantFrom(true, false, null),
  floor: fc.integer({ min: -2, max: 30 }),
  direction: fc.constantFrom('up', 'down', 'none'),
  speed: fc.constantFrom(0, 0.3, 1.6),
  mode: fc.constantFrom('normal', 'inspection'),
  load: fc.constantFrom(0, 0.4),
  faults: fc.constantFrom([], ['E1'], ['E1', 'E2']),
  alarmButton: fc.boolean(),
};
const part = fc.record(value, { requiredKeys: [] });
const story = fc
  .array(fc.tuple(part, fc.integer({ min: 1000, max: 9000 })), { minLength: 1, maxLength: 25 })
  .map((steps) => {
    let at = 100_000;
    return steps.map(([message, pause], index) => {
      at += pause;
      return { at, message: { ...message, ts: at, seq: index } as CheckedMessage };
    });
  });
const marks = fc.constantFrom(['ts'], ['seq', 'ts'], ['seq']) as fc.Arbitrary<('ts' | 'seq')[]>;

interface Arrival {
  readonly at: number;
  readonly receivedAt: number;
  readonly message: CheckedMessage;
}

const marked = (message: CheckedMessage, keep: readonly string[]): CheckedMessage => {
  const { ts, seq, ...rest } = message;
  return {
    ...rest,
    ...(keep.includes('ts') && { ts }),
    ...(keep.includes('seq') && { seq }),
  } as CheckedMessage;
};

/** Each message arrives 0–3 times, up to 4 s late: less than anything needs to be unknown, more than two need to swap. */
const badLink = (copies: fc.Arbitrary<number>) =>
  fc
    .tuple(story, marks, fc.infiniteStream(copies), fc.infiniteStream(fc.integer({ min: 0, max: 4000 })))
    .map(([said, keep, howOften, delays]) => {
      const arrivals: Arrival[] = said.flatMap(({ at, message }) => {
        const count = howOften.next().value as number;
        return Array.from({ length: count }, () => {
          const receivedAt = at + (delays.next().value as number);
          return { at, receivedAt, message: marked(message, keep) };
        });
      });
      return { said, keep, arrivals: arrivals.sort((a, b) => a.receivedAt - b.receivedAt) };
    });

const RUNS = { numRuns: 200, seed: 4 };

describe('whatever the link does', () => {
  test('any order and repetition of all messages ends in the same state as the clean sequence', () => {
    fc.assert(
      fc.property(badLink(fc.integer({ min: 1, max: 3 })), ({ said, keep, arrivals }) => {
        const clean = createCarTracker({
          liftId: 'a',
          limits: testLimits({ unknownAfterMs: 1e9, silentAfterMs: 1e9 }),
        });
        const rough = createCarTracker({
          liftId: 'a',
          limits: testLimits({ unknownAfterMs: 1e9, silentAfterMs: 1e9 }),
        });
        for (const { at, message } of said) clean.push(marked(message, keep), at);
        for (const { receivedAt, message } of arrivals) rough.push(message, receivedAt);
        const end = 1_000_000;
        for (const field of CAR_FIELDS)
          expect(rough.state(end)[field].value, field).toEqual(clean.state(end)[field].value);
      }),
      RUNS,
    );
  });

  test('with losses, each field is the latest word that arrived, or unknown', () => {
    fc.assert(
      fc.property(badLink(fc.integer({ min: 0, max: 2 })), ({ arrivals }) => {
        const car = tracker();
        for (const [index, { receivedAt, message }] of arrivals.entries()) {
          car.push(message, receivedAt);
          const heard = arrivals.slice(0, index + 1);
          const state = car.state(receivedAt);
          for (const field of CAR_FIELDS) {
            const words = heard.filter((arrival) => arrival.message[field] !== undefined);
            const latest = words.sort((a, b) => a.at - b.at).at(-1)?.message[field] ?? undefined;
            if (state[field].value !== undefined) expect(state[field].value, field).toEqual(latest);
          }
        }
      }),
      RUNS,
    );
  });

  test('nothing is known that was not said within its time, and times are in order', () => {
    fc.assert(
      fc.property(badLink(fc.integer({ min: 0, max: 2 })), fc.nat(90_000), ({ arrivals }, silence) => {
        const car = tracker();
        for (const { receivedAt, message } of arrivals) car.push(message, receivedAt);
        const now = (arrivals.at(-1)?.receivedAt ?? 0) + silence;
        const state = car.state(now);
        for (const field of CAR_FIELDS) {
          const { value: known, since, heardAt } = state[field];
          if (known === undefined) continue;
          expect(now - (heardAt as number)).toBeLessThan(limits.unknownAfterMs[field]);
          expect(since).toBeLessThanOrEqual(heardAt as number);
          const words = arrivals.filter(({ message }) => message[field] !== undefined);
          expect(words.map(({ message }) => message[field])).toContainEqual(known);
        }
        expect(car.state(now + limits.silentAfterMs).link).not.toBe('online');
        expect(car.state(now + limits.silentAfterMs).speed.value).toBeUndefined();
        expect(car.state(now + limits.silentAfterMs).direction.value).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('looking does not change it, and looking late is the same as being told', () => {
    fc.assert(
      fc.property(badLink(fc.integer({ min: 0, max: 2 })), fc.nat(90_000), ({ arrivals }, silence) => {
        const [looked, told] = [tracker(), tracker()];
        for (const { receivedAt, message } of arrivals) {
          looked.state(receivedAt);
          looked.push(message, receivedAt);
          told.push(message, receivedAt);
        }
        const now = (arrivals.at(-1)?.receivedAt ?? 0) + silence;
        told.expire(now);
        expect(looked.state(now)).toEqual(told.state(now));
      }),
      RUNS,
    );
  });
});

test('what ends in the timeline began in it', () => {
  fc.assert(
    fc.property(badLink(fc.integer({ min: 0, max: 2 })), ({ arrivals }) => {
      const car = tracker();
      const entries: TimelineEntry[] = arrivals.flatMap(({ receivedAt, message }) => [
        ...car.push(message, receivedAt).timeline,
      ]);
      entries.push(...car.expire(1e9).timeline);
      for (const [index, { kind, startedAt, endedAt }] of entries.entries()) {
        if (endedAt === undefined) continue;
        expect(endedAt).toBeGreaterThanOrEqual(startedAt);
        const begun = entries.slice(0, index).some((e) => e.kind === kind && e.startedAt === startedAt);
        expect(begun, kind).toBe(true);
      }
    }),
    RUNS,
  );
});
