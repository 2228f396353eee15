import { expect, test } from 'vitest';
import type { Track } from '../../core/index.ts';
import { inferenceOptions } from '../options.ts';
import { boxAt, play, scene, seen, times } from '../testing/scenes.ts';
import { createEbike } from './ebike.ts';

const OPTIONS = inferenceOptions().ebike;
const ebike = () => createEbike(OPTIONS);

function thing(ts: number, label: string, score: number): Track {
  return seen(ts, 9, { label, score, box: boxAt(0.5, 0.6, 0.4, 0.5) });
}

/** An object with this label and score while `there`; the picture moves when it comes and goes. */
function visit(label: string, score: number, from: number, to: number) {
  return (ts: number) => ({
    objects: ts >= from && ts < to ? [thing(ts, label, score)] : [],
    picture: { motion: Math.abs(ts - from) < 1500 || Math.abs(ts - to) < 1500 ? 0.2 : 0 },
  });
}

test('a clear e-bike warns within a second, confirms within 2.4 s and releases within 7 s of leaving', () => {
  const events = play(ebike(), visit('ebike', 0.85, 4000, 12_000), 30_000);
  expect(events.map((e) => [e.phase, e.evidence.stage])).toEqual([
    ['started', 'warning'],
    ['updated', 'confirmed'],
    ['ended', 'gone'],
  ]);
  const [warning, confirmed, gone] = events;
  expect(warning!.ts - 4000).toBeLessThanOrEqual(1000);
  expect(warning!.startedAt).toBe(4000);
  expect(confirmed!.ts - 4000).toBeLessThanOrEqual(2400);
  expect(gone!.ts - 12_000).toBeLessThanOrEqual(7000);
});

test('an unclear one is confirmed by the vote without a warning', () => {
  const events = play(ebike(), visit('motorcycle', 0.32, 4000, 12_000), 30_000);
  expect(events.map((e) => e.evidence.stage)).toEqual(['confirmed', 'gone']);
  expect(events[0]!.ts - 4000).toBeLessThanOrEqual(2400);
  expect(events[0]!.evidence).toMatchObject({ label: 'motorcycle', trackIds: [9] });
});

test('seen in only half of the looks it is still confirmed, in a fifth not', () => {
  const every = (n: number) => (ts: number) => ({
    objects: (ts / 200) % n === 0 ? [thing(ts, 'ebike', 0.77)] : [],
  });
  expect(play(ebike(), every(2), 6000)[0]).toMatchObject({
    phase: 'started',
    evidence: { stage: 'confirmed' },
  });
  expect(play(ebike(), every(5), 20_000)).toEqual([]);
});

test('one frame, however sure, is no event', () => {
  const flash = (ts: number) => ({ objects: ts === 2000 ? [thing(ts, 'ebike', 0.99)] : [] });
  expect(play(ebike(), flash, 10_000)).toEqual([]);
  expect(play(ebike(), flash, 10_000, 1000)).toEqual([]);
});

test('two unclear frames just after idle looks are a bike passing the door, not an entry', () => {
  const behaviour = ebike();
  const said = [0, 1000, 2000, 2200, 2400, 2600, 2800, 3000].flatMap((ts) =>
    behaviour.push(scene(ts, { objects: ts === 2000 || ts === 2200 ? [thing(ts, 'ebike', 0.77)] : [] })),
  );
  expect(said).toEqual([]);
});

test('a warning that the vote does not bear out is withdrawn, and not repeated at once', () => {
  const options = { ...OPTIONS, share: 0.9 };
  const events = play(
    createEbike(options),
    (ts) => ({ objects: ts >= 2000 && ts <= 2200 ? [thing(ts, 'ebike', 0.85)] : [] }),
    20_000,
  );
  expect(events.map((e) => e.evidence.stage)).toEqual(['warning', 'withdrawn']);
  expect(events[1]!.ts - events[0]!.ts).toBeLessThanOrEqual(2600);
});

test.each([
  ['bicycle', 0.95],
  ['suitcase', 0.95],
  ['person', 0.95],
  ['motorcycle', 0.2],
])('%s at %f is no e-bike', (label, score) => {
  expect(play(ebike(), visit(label, score, 2000, 20_000), 25_000)).toEqual([]);
});

test('what is called bicycle mostly and motorcycle often is an e-bike to the stock model', () => {
  const mixed = (ts: number) => ({
    objects: [thing(ts, (ts / 200) % 3 === 0 ? 'motorcycle' : 'bicycle', 0.4)],
  });
  expect(play(ebike(), mixed, 6000)[0]?.evidence.stage).toBe('confirmed');
});

test('a parked bike that the model loses for minutes while nothing moves stays one event', () => {
  const script = (ts: number) => ({
    objects: ts < 10_000 || ts > 200_000 ? [thing(ts, 'ebike', 0.85)] : [],
  });
  expect(times(play(ebike(), script, 220_000, 1000))).toEqual(['started@1']);
});

test('a light change — nothing recognised for three seconds — makes no second event', () => {
  const script = (ts: number) => {
    const dim = ts >= 10_000 && ts < 13_000;
    return { objects: dim ? [] : [thing(ts, 'ebike', 0.85)], picture: { motion: dim ? 0.5 : 0 } };
  };
  expect(play(ebike(), script, 40_000).map((e) => e.phase)).toEqual(['started', 'updated']);
});

test('a doubtful picture does not release the bike', () => {
  const script = (ts: number) =>
    ts < 5000
      ? { objects: [thing(ts, 'ebike', 0.85)] }
      : ts < 60_000
        ? { doubt: 'blocked' as const, picture: { motion: 0.3 } }
        : { picture: { motion: 0.1 } };
  const ended = play(ebike(), script, 70_000).filter((e) => e.phase === 'ended');
  expect(ended).toHaveLength(1);
  expect(ended[0]!.ts).toBeGreaterThanOrEqual(60_000);
});

test('it is re-armed ten seconds after release, not before', () => {
  const back = (pause: number) => (ts: number) => {
    const there = ts < 4000 || (ts >= 9200 + pause && ts < 13_200 + pause);
    return { objects: there ? [thing(ts, 'ebike', 0.85)] : [], picture: { motion: 0.2 } };
  };
  const starts = (pause: number): number =>
    play(ebike(), back(pause), 40_000).filter((e) => e.phase === 'started').length;
  expect(starts(3000)).toBe(1);
  expect(starts(11_000)).toBe(2);
});

test('an event stuck open is closed by the cap and the same bike starts no other', () => {
  const options = { ...OPTIONS, capSeconds: 60 };
  const events = play(createEbike(options), (ts) => ({ objects: [thing(ts, 'ebike', 0.85)] }), 200_000, 1000);
  expect(events.map((e) => [e.phase, e.evidence.stage])).toEqual([
    ['started', 'confirmed'],
    ['ended', 'cap'],
  ]);
});

test('measured and late scenes are no looks', () => {
  const behaviour = ebike();
  for (let ts = 0; ts < 4000; ts += 200) {
    expect(behaviour.push(scene(ts, { inferred: false, objects: [thing(ts, 'ebike', 0.9)] }))).toEqual([]);
  }
});
