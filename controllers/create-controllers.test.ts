import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CarState, ManualClock, type TimelineEntry } from '../core/index.ts';
import { type Controllers, createControllers, type LiftWithController } from './create-controllers.ts';
import type { ControllerOptions } from './options.ts';
import type { MessageRejected } from './rejections.ts';

let controllers: Controllers | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await controllers?.close();
});

async function open(
  options: Partial<ControllerOptions> = {},
  lifts: LiftWithController[] = [{ id: 'a', controller: {} }],
) {
  const clock = new ManualClock(1_000_000);
  const made = createControllers(options, { clock });
  controllers = made;
  const [states, timeline, rejected] = [[] as CarState[], [] as TimelineEntry[], [] as MessageRejected[]];
  made.on('state', (state) => states.push(state));
  made.on('timeline', (entry) => timeline.push(entry));
  made.on('message-rejected', (one) => rejected.push(one));
  await made.setLifts(lifts);
  return { made, clock, states, timeline, rejected };
}

test('a message over HTTP becomes the car’s state, told once for each change', async () => {
  const { made, clock, states, timeline } = await open();
  expect(made.ingest('a', { seq: 1, door: 'open' }, clock.now())).toEqual({
    accepted: 1,
    duplicates: 0,
    outdated: 0,
  });
  expect(
    made.ingest(
      'a',
      [
        { seq: 1, door: 'open' },
        { seq: 2, door: 'open' },
      ],
      clock.now(),
    ),
  ).toEqual({
    accepted: 1,
    duplicates: 1,
    outdated: 0,
  });
  expect(states).toHaveLength(1);
  expect(states[0]).toMatchObject({ liftId: 'a', link: 'online', door: { value: 'open' } });
  expect(timeline.map((entry) => entry.kind)).toEqual(['link', 'door-cycle']);
  expect(made.state('a')?.door.value).toBe('open');
  expect([...made.states()]).toHaveLength(1);
  expect(made.mqttPort).toBeUndefined();
});

test('silence is told without any message', async () => {
  vi.useFakeTimers();
  const { made, clock, states } = await open();
  made.ingest('a', { door: 'open' }, clock.now());
  clock.advance(19_000);
  vi.advanceTimersByTime(500);
  expect(states).toHaveLength(1);
  clock.advance(1000);
  vi.advanceTimersByTime(500);
  expect(states.at(-1)).toMatchObject({ link: 'online', door: { value: undefined } });
  clock.advance(40_000);
  vi.advanceTimersByTime(500);
  expect(states.at(-1)?.link).toBe('silent');
  expect(made.stats()).toMatchObject({
    lifts: 1,
    online: 0,
    silent: 1,
    counters: { accepted: 1, silences: 1 },
  });
});

describe('refuses', () => {
  test.each([
    ['b', {}, 'INPUT_NOT_FOUND', 'There is no lift "b" with a controller.'],
    ['a', { door: 'ajar' }, 'INPUT_INVALID', 'door: expected one of'],
    ['a', [{ door: 'open' }, 7], 'INPUT_INVALID', '1: expected a JSON object, found 7'],
    [
      'a',
      Array(1001).fill({ seq: 1 }),
      'INPUT_INVALID',
      'expected at most 1000 messages in a list, found 1001',
    ],
  ])('for lift %s %j', async (liftId, body, code, detail) => {
    const { made, clock } = await open();
    const act = (): unknown => made.ingest(liftId, body, clock.now());
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(detail) }));
  });

  test('too many, of one lift only', async () => {
    const { made, clock } = await open(
      { maxPerSecond: 1 },
      ['a', 'b'].map((id) => ({ id, controller: {} })),
    );
    const send = (id: string) => made.ingest(id, { floor: 1 }, clock.now());
    for (let i = 0; i < 5; i++) send('a');
    expect(() => send('a')).toThrow(expect.objectContaining({ code: 'TOO_MANY' }));
    expect(send('b').accepted).toBe(1);
    clock.advance(1000);
    expect(send('a').accepted).toBe(1);
    expect(made.counters('a')).toMatchObject({ accepted: 6, limited: 1 });
  });

  test('after it is closed', async () => {
    const { made } = await open();
    await made.close();
    await made.close();
    expect(() => made.ingest('a', {}, 0)).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    await expect(made.setLifts([])).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

test('rejections of a second are one event a lift', async () => {
  vi.useFakeTimers();
  const { made, clock, rejected } = await open();
  for (let i = 0; i < 30; i++) expect(() => made.ingest('a', { door: i }, clock.now())).toThrow();
  vi.advanceTimersByTime(500);
  expect(rejected).toEqual([
    { liftId: 'a', at: clock.now(), count: 30, problem: expect.stringContaining('found 29') },
  ]);
});

test('a listener that throws disturbs nobody', async () => {
  const { made, clock, states } = await open();
  made.on('state', () => {
    throw new Error('broken');
  });
  made.ingest('a', { floor: 1 }, clock.now());
  expect(states).toHaveLength(1);
});

describe('lifts', () => {
  test('come, change and go while it runs, and keep what is known of them', async () => {
    const { made, clock } = await open();
    made.ingest('a', { floor: 3 }, clock.now());
    await made.setLifts([
      { id: 'a', controller: { mapping: { floor: { path: 'f', offset: 1 } } } },
      { id: 'b', controller: {} },
    ]);
    expect(made.state('a')?.floor.value).toBe(3);
    made.ingest('a', { f: 6 }, clock.now() + 1);
    clock.advance(1);
    expect(made.state('a')?.floor.value).toBe(7);
    expect(made.state('b')?.link).toBe('never');
    await made.setLifts([{ id: 'b', controller: {} }]);
    expect(made.state('a')).toBeUndefined();
  });

  test('a shorter silence counts at once', async () => {
    const { made, clock, states } = await open();
    made.ingest('a', { floor: 3 }, clock.now());
    clock.advance(10_000);
    await made.setLifts([{ id: 'a', controller: { unknownAfter: { floor: 5 } } }]);
    expect(states.at(-1)?.floor.value).toBeUndefined();
  });

  test.each<[string, LiftWithController[], string]>([
    [
      'a mapping that is not there',
      [{ id: 'b', controller: { mapping: 'acme' } }],
      'lift b, controller.mapping: expected the name',
    ],
    [
      'a bad mapping',
      [{ id: 'b', controller: { mapping: { door: {} } } }],
      'lift b, controller.mapping.door: expected exactly one',
    ],
    [
      'one user with two passwords',
      ['b', 'c'].map((id) => ({ id, controller: { user: 'gw', password: `password-${id}` } })),
      'lift c, controller.password: expected the one that user "gw" has in another lift',
    ],
    [
      'one topic for two',
      ['b', 'c'].map((id) => ({ id, controller: { topic: 'x/y' } })),
      'lift c, controller.topic: expected a topic of its own, found x/y, which lift b already has',
    ],
  ])('%s changes nothing', async (_name, lifts, detail) => {
    const { made } = await open();
    await expect(made.setLifts(lifts)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(detail),
    });
    expect(made.state('a')).toBeDefined();
    expect(made.state('b')).toBeUndefined();
  });

  test('a bad named mapping is found before anything starts', () => {
    expect(() => createControllers({ mappings: { acme: { door: {} } } })).toThrow(
      /controllers\.mappings\.acme\.door/,
    );
  });
});

test('what a mapping does not list is counted', async () => {
  const mapping = { door: { path: 'd', values: { 1: 'open' as const } } };
  const { made, clock } = await open({ mappings: { acme: mapping } }, [
    { id: 'a', controller: { mapping: 'acme' } },
  ]);
  made.ingest('a', { d: 9 }, clock.now());
  expect(made.counters('a')?.unlisted).toBe(1);
  expect(made.state('a')?.door).toMatchObject({ value: undefined, heardAt: clock.now() });
});
