import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inferenceOptions } from '../options.ts';
import { createTracker, type Sighting } from './tracker.ts';

const OPTIONS = { ...inferenceOptions().people, maxTracks: 8 };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const sighting: fc.Arbitrary<Sighting> = fc.record({
  label: fc.constant('person'),
  score: share,
  box: fc.tuple(share, share, share, share).map(([a, b, c, d]) => ({
    x1: Math.min(a, b),
    y1: Math.min(c, d),
    x2: Math.max(a, b),
    y2: Math.max(c, d),
  })),
  backed: fc.boolean(),
});
const look = fc.record({
  step: fc.integer({ min: -200, max: 3000 }),
  sightings: fc.array(sighting, { maxLength: 14 }),
});

function play(looks: { step: number; sightings: Sighting[] }[]) {
  let ids = 0;
  const tracker = createTracker(OPTIONS, () => ++ids);
  let ts = 0;
  return looks.map(({ step, sightings }) => {
    ts += step;
    return { ts, sightings, tracks: tracker.update(ts, sightings), state: JSON.stringify(tracker) };
  });
}

test('whatever is seen: ids are never used twice, tracks are bounded, and times are sound', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
      const gone = new Set<number>();
      let before = new Set<number>();
      let newest = Number.NEGATIVE_INFINITY;
      for (const { ts, tracks } of play(looks)) {
        newest = Math.max(newest, ts);
        const now = new Set(tracks.map((t) => t.trackId));
        expect(now.size).toBe(tracks.length);
        expect(tracks.length).toBeLessThanOrEqual(OPTIONS.maxTracks);
        for (const id of before) if (!now.has(id)) gone.add(id);
        for (const id of now) expect(gone.has(id)).toBe(false);
        for (const t of tracks) {
          expect(t.firstSeen).toBeLessThanOrEqual(t.lastSeen);
          expect(t.lastSeen).toBeLessThanOrEqual(newest);
          expect(newest - t.lastSeen).toBeLessThanOrEqual(OPTIONS.lostSeconds * 1000);
          expect([t.box.x1, t.box.y1, t.box.x2, t.box.y2].every(Number.isFinite)).toBe(true);
        }
        before = now;
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('the same looks give the same tracks, and no sighting makes two', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 25 }), (looks) => {
      const first = play(looks);
      expect(play(looks).map((l) => l.state)).toEqual(first.map((l) => l.state));
      let newest = Number.NEGATIVE_INFINITY;
      for (const { ts, sightings, tracks } of first) {
        if (ts <= newest) continue;
        newest = ts;
        const seen = tracks.filter((t) => t.lastSeen === ts);
        expect(new Set(seen.map((t) => t.box)).size).toBe(seen.length);
        expect(sightings.map((s) => s.box)).toEqual(expect.arrayContaining(seen.map((t) => t.box)));
      }
    }),
    { seed: 12, numRuns: 200 },
  );
});
