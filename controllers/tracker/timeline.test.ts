import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../core/index.ts';
import { type CarView, Timeline } from './timeline.ts';

const standing: CarView = {
  link: 'online',
  door: 'closed',
  doorZone: true,
  floor: 1,
  direction: 'none',
  speed: 0,
  mode: 'normal',
  faults: [],
  alarmButton: false,
};

/** What the timeline says of views that come at whole seconds; each changes the one before. */
function told(...changes: readonly (Partial<CarView> | undefined)[]): Omit<TimelineEntry, 'liftId'>[] {
  const timeline = new Timeline('a');
  let view = standing;
  return changes
    .flatMap((change, second) => {
      view = { ...view, ...change };
      return timeline.observe(view, second * 1000);
    })
    .filter((entry) => entry.kind !== 'link')
    .map(({ liftId: _, ...entry }) => entry);
}
const ofKind = (kind: string, entries: ReturnType<typeof told>) => entries.filter((e) => e.kind === kind);

test('a door cycle is told when it begins and when it ends', () => {
  const cycle = told({}, { door: 'opening' }, { door: 'open' }, {}, { door: 'closing' }, { door: 'closed' });
  expect(ofKind('door-cycle', cycle)).toEqual([
    { kind: 'door-cycle', startedAt: 1000, endedAt: undefined, detail: { floor: 1, reversals: 0 } },
    {
      kind: 'door-cycle',
      startedAt: 1000,
      endedAt: 5000,
      detail: { floor: 1, reversals: 0, result: 'completed', seconds: 4 },
    },
  ]);
});

test('a door that turns back counts its reversals', () => {
  const entries = told(
    {},
    { door: 'open' },
    { door: 'closing' },
    { door: 'opening' },
    { door: 'closing' },
    { door: 'closed' },
  );
  expect(ofKind('door-cycle', entries).map((e) => [e.detail.reversals, e.detail.result])).toEqual([
    [0, undefined],
    [1, undefined],
    [1, 'completed'],
  ]);
});

test('a door that never gets open has failed', () => {
  const entries = told({}, { door: 'opening' }, { door: 'closed' });
  expect(ofKind('door-cycle', entries).at(-1)?.detail.result).toBe('failed');
});

test('silence ends what goes on, and says so', () => {
  const entries = told({}, { door: 'open' }, { door: undefined, speed: undefined, direction: undefined });
  expect(ofKind('door-cycle', entries).at(-1)).toMatchObject({ endedAt: 2000, detail: { result: 'lost' } });
  expect(ofKind('stop', entries).at(-1)).toMatchObject({ endedAt: 2000, detail: { result: 'lost' } });
});

test('trips and stops follow one another', () => {
  const entries = told(
    {},
    { speed: 1.5, direction: 'up', doorZone: false },
    { floor: 2 },
    { floor: 3 },
    { speed: 0, direction: 'none', doorZone: true },
    { speed: 1.5 },
  );
  expect(entries.filter((e) => e.endedAt !== undefined)).toEqual([
    {
      kind: 'stop',
      startedAt: 0,
      endedAt: 1000,
      detail: { floor: 1, level: true, result: 'completed', seconds: 1 },
    },
    {
      kind: 'trip',
      startedAt: 1000,
      endedAt: 4000,
      detail: { from: 1, to: 3, result: 'completed', seconds: 3 },
    },
    {
      kind: 'stop',
      startedAt: 4000,
      endedAt: 5000,
      detail: { floor: 3, level: true, result: 'completed', seconds: 1 },
    },
  ]);
});

test('a stop between floors says that it is not level', () => {
  const entries = told({ speed: 1 }, { speed: 0, doorZone: false });
  expect(ofKind('stop', entries)[0]?.detail).toEqual({ floor: 1, level: false });
});

test('without speed the direction tells whether it runs', () => {
  const entries = told({ speed: undefined }, { direction: 'down' }, { direction: 'none', floor: 0 });
  expect(ofKind('trip', entries).at(-1)?.detail).toMatchObject({ from: 1, to: 0 });
});

test('faults come and go by code, and silence clears none', () => {
  const entries = told(
    {},
    { faults: ['E1', 'E2'] },
    { faults: undefined },
    { faults: ['E2'] },
    { faults: [] },
  );
  expect(entries.filter((e) => e.kind.startsWith('fault'))).toEqual([
    { kind: 'fault', startedAt: 1000, endedAt: undefined, detail: { codes: 'E1 E2', standing: 2 } },
    { kind: 'fault-cleared', startedAt: 3000, endedAt: undefined, detail: { codes: 'E1', standing: 1 } },
    { kind: 'fault-cleared', startedAt: 4000, endedAt: undefined, detail: { codes: 'E2', standing: 0 } },
  ]);
});

test('the alarm button and the mode', () => {
  const entries = told(
    {},
    { alarmButton: true, mode: 'inspection' },
    { alarmButton: undefined, mode: undefined },
    {
      alarmButton: false,
      mode: 'inspection',
    },
  );
  expect(ofKind('alarm-button', entries).map((e) => [e.startedAt, e.endedAt])).toEqual([
    [1000, undefined],
    [1000, 3000],
  ]);
  expect(ofKind('mode', entries).map((e) => e.detail)).toEqual([{ mode: 'inspection', from: 'normal' }]);
});

test('the link', () => {
  const timeline = new Timeline('a');
  const kinds = (['never', 'online', 'online', 'silent'] as const).flatMap((link, i) =>
    timeline.observe({ ...standing, link }, i).filter((e) => e.kind === 'link'),
  );
  expect(kinds.map((e) => [e.startedAt, e.detail.link])).toEqual([
    [1, 'online'],
    [3, 'silent'],
  ]);
});
