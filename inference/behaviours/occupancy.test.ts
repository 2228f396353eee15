import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BehaviourEvent, Track } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { boxAt, lost, play, scene, seen, times } from '../testing/scenes.ts';
import { createOccupancy } from './occupancy.ts';

const OPTIONS = inferenceOptions().occupancy;
const people = (ts: number, n: number): Track[] => Array.from({ length: n }, (_, i) => seen(ts, i + 1));
const counts = (events: readonly BehaviourEvent[]): unknown[] => events.map((e) => e.evidence.count);

test('0→1→0, each a second after it was first seen, dated back to when it began', () => {
  const events = play(
    createOccupancy(OPTIONS),
    (ts) => ({ people: people(ts, ts >= 2000 && ts < 6000 ? 1 : 0) }),
    9000,
  );
  expect(times(events)).toEqual(['started@3', 'ended@7']);
  expect(events[0]).toMatchObject({ startedAt: 2000, evidence: { count: 1, previous: 0, trackIds: [1] } });
  expect(events[1]).toMatchObject({ startedAt: 2000, evidence: { count: 0, previous: 1, changedAt: 6000 } });
});

test('a visit or an absence shorter than a second is not published', () => {
  const visit = (ts: number): number => (ts >= 2000 && ts < 2800 ? 1 : 0);
  expect(play(createOccupancy(OPTIONS), (ts) => ({ people: people(ts, visit(ts)) }), 6000)).toEqual([]);
  const absence = (ts: number): number => (ts >= 4000 && ts < 4800 ? 0 : 1);
  expect(times(play(createOccupancy(OPTIONS), (ts) => ({ people: people(ts, absence(ts)) }), 9000))).toEqual([
    'started@1',
  ]);
});

test('a count that still changes is published as what has held all along', () => {
  const entering = (ts: number): number => (ts < 1000 ? 0 : ts < 1400 ? 1 : 3);
  const events = play(createOccupancy(OPTIONS), (ts) => ({ people: people(ts, entering(ts)) }), 5000);
  expect(counts(events)).toEqual([1, 3]);
  expect(times(events)).toEqual(['started@2', 'updated@3.2']);
});

test('at one look a second it still takes a second look', () => {
  const events = play(
    createOccupancy(OPTIONS),
    (ts) => ({ people: people(ts, ts >= 2000 ? 1 : 0) }),
    5000,
    1000,
  );
  expect(times(events)).toEqual(['started@3']);
});

test('someone lost behind another still counts for as long as the tracker keeps them', () => {
  const script = (ts: number) => {
    const front = seen(ts, 1, { box: boxAt(0.5, 0.55, 0.3, 0.8) });
    const back = boxAt(0.52, 0.5);
    return {
      people: [front, ts > 2000 && ts < 4600 ? lost(2000, 2, { box: back }) : seen(ts, 2, { box: back })],
    };
  };
  expect(counts(play(createOccupancy(OPTIONS), script, 8000))).toEqual([2]);
});

test('someone lost in the open is gone after the bridge and the hold', () => {
  const script = (ts: number) => ({ people: ts > 4000 ? [lost(4000, 1)] : [seen(ts, 1)] });
  expect(times(play(createOccupancy(OPTIONS), script, 8000))).toEqual(['started@1', 'ended@6']);
});

test('someone whose track has left the picture is gone at once', () => {
  const script = (ts: number) => ({
    people: ts > 4000 ? [lost(4000, 1, { box: boxAt(1.05) })] : [seen(ts, 1)],
  });
  expect(times(play(createOccupancy(OPTIONS), script, 8000))).toEqual(['started@1', 'ended@5.2']);
});

test.each(['dark', 'blocked', 'frozen', 'infrared'] as const)(
  'a %s picture never empties the cabin',
  (doubt) => {
    const script = (ts: number) => {
      const doubtful = ts >= 4000 && ts < 30_000;
      return doubtful ? { doubt, people: [] } : { people: ts < 4000 ? people(ts, 2) : [] };
    };
    const events = play(createOccupancy(OPTIONS), script, 40_000);
    expect(times(events)).toEqual(['started@1', 'ended@31']);
  },
);

test('in infrared the count may rise, and long unseen people are let go', () => {
  const options = { ...OPTIONS, infraredSeconds: 20 };
  const script = (ts: number) => ({ doubt: 'infrared' as const, people: ts < 5000 ? people(ts, 1) : [] });
  const events = play(createOccupancy(options), script, 40_000);
  expect(times(events)).toEqual(['started@1', 'ended@21.2']);
  expect(events[1]?.evidence.doubt).toBe('infrared');
});

test('a stuck count is closed by the cap and starts anew', () => {
  const events = play(
    createOccupancy({ ...OPTIONS, capSeconds: 60 }),
    (ts) => ({ people: people(ts, 1) }),
    65_000,
  );
  expect(times(events)).toEqual(['started@1', 'ended@60.2', 'started@61.4']);
  expect(events[1]?.evidence.reason).toBe('cap');
});

test('scenes that were only measured, or come late, say nothing about people', () => {
  const occupancy = createOccupancy(OPTIONS);
  play(occupancy, (ts) => ({ people: people(ts, 1) }), 2000);
  const before = JSON.stringify(occupancy.toJSON());
  expect(occupancy.push(scene(1000))).toEqual([]);
  expect(JSON.stringify(occupancy.toJSON())).toBe(before);
  for (let ts = 2200; ts < 9000; ts += 200)
    expect(occupancy.push(scene(ts, { inferred: false }))).toEqual([]);
});

test('whatever the counts, published ones alternate soundly and none lasts under a second', () => {
  const look = fc.record({ step: fc.integer({ min: 50, max: 1500 }), n: fc.integer({ min: 0, max: 4 }) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 80 }), (looks) => {
      const occupancy = createOccupancy(OPTIONS);
      let ts = 0;
      let published = 0;
      let lastAt = Number.NEGATIVE_INFINITY;
      for (const { step, n } of looks) {
        ts += step;
        for (const e of occupancy.push(scene(ts, { people: people(ts, n) }))) {
          expect(e.evidence.previous).toBe(published);
          expect(e.evidence.count).not.toBe(published);
          expect(e.phase).toBe(published === 0 ? 'started' : e.evidence.count === 0 ? 'ended' : 'updated');
          expect(e.ts - lastAt).toBeGreaterThanOrEqual(1000);
          expect(e.startedAt).toBeLessThanOrEqual(e.ts);
          published = Number(e.evidence.count);
          lastAt = e.ts;
        }
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});
