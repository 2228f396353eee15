import type { Box, Keypoint, Track, TrackState } from '../../core/index.ts';
import type { InferenceOptions } from '../options.ts';
import { affinity, centreDistance } from './affinity.ts';
import { assign } from './assign.ts';
import { createKalmanBox, type KalmanBox } from './kalman-box.ts';

/** Something seen in one look, before it has an identity. */
export interface Sighting {
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  readonly keypoints?: readonly Keypoint[];
  /** False: nothing but the score speaks for it; such sightings alone never confirm a track. Default true. */
  readonly backed?: boolean;
}

export type TrackerOptions = InferenceOptions['people'];

export interface Tracker {
  /**
   * Once a look, in rising `ts` (ms, any step); an older one changes nothing. Tracks come in the order of their ids.
   * After a `partial` look nobody is missed: who was not seen may not have been looked for.
   */
  update(ts: number, sightings: readonly Sighting[], look?: { readonly partial: boolean }): readonly Track[];
  readonly tracks: readonly Track[];
  toJSON(): unknown;
}

interface Live {
  readonly trackId: number;
  readonly kalman: KalmanBox;
  readonly firstSeen: number;
  track: Track;
  expected: Box;
  looks: number;
  backed: boolean;
  confirmed: boolean;
}

/** Least affinity of a pair in the first, second and tentative association. */
const FIRST = 0.22;
const SECOND = 0.35;
const TENTATIVE = 0.25;
/** A weak sighting continues only a track seen within this time: after that it is as likely somebody else. */
const RECENT_MS = 1200;

/**
 * Follows people or things through occlusion and dim light: Kalman prediction, then association in two stages as
 * in ByteTrack (Zhang et al., ECCV 2022): sure sightings with all tracks, then weak sightings with what is left, so
 * that someone whose score sinks in bad light keeps the id. Weak sightings never start a track.
 * @param nextId hands out ids, so that several trackers of a lift can share one sequence
 */
export function createTracker(options: TrackerOptions, nextId: () => number): Tracker {
  let live: Live[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let tracks: readonly Track[] = [];

  /** Pairs what fits, and takes it out of both lists. */
  function match(ts: number, rows: Live[], columns: Sighting[], cost: Cost): void {
    const pairs = assign(rows.length, columns.length, (r, c) => cost(rows[r]!, columns[c]!, ts, options));
    const takenRows = new Set<Live>();
    const takenColumns = new Set<Sighting>();
    for (const [r, c] of pairs) {
      see(rows[r]!, columns[c]!, ts, options);
      takenRows.add(rows[r]!);
      takenColumns.add(columns[c]!);
    }
    remove(rows, takenRows);
    remove(columns, takenColumns);
  }

  function update(ts: number, sightings: readonly Sighting[]): void {
    const usable = strongest(sightings, options);
    const high = usable.filter((s) => s.score >= options.highScore);
    const low = usable.filter((s) => s.score < options.highScore);
    const firm = live.filter((l) => l.confirmed);
    const tentative = live.filter((l) => !l.confirmed);
    for (const l of live) l.expected = l.kalman.predict(ts);
    match(ts, firm, high, mismatch(FIRST));
    const recent = firm.filter((l) => ts - l.track.lastSeen <= RECENT_MS);
    match(ts, recent, low, mismatch(SECOND));
    match(ts, tentative, high, mismatch(TENTATIVE));
    match(ts, recent, high, distance);
    match(ts, tentative, low, mismatch(SECOND));
    for (const s of high) if (live.length < options.maxTracks) live.push(born(s, ts, nextId(), options));
  }

  return {
    update(ts, sightings, { partial } = { partial: false }) {
      if (!(ts > last)) return tracks;
      update(ts, sightings);
      for (const l of live) if (l.track.lastSeen < ts) leave(l, partial);
      live = live.filter((l) => ts - l.track.lastSeen <= lifetime(l, options));
      last = ts;
      tracks = live.map((l) => l.track);
      return tracks;
    },
    get tracks() {
      return tracks;
    },
    toJSON: () => ({ last, tracks }),
  };
}

type Cost = (l: Live, s: Sighting, ts: number, options: TrackerOptions) => number | undefined;

/** A box's own jitter, picture widths. */
const JITTER = 0.1;

function withinReach(l: Live, s: Sighting, ts: number, options: TrackerOptions): boolean {
  const gap = (ts - l.track.lastSeen) / 1000;
  return centreDistance(l.track.box, s.box) <= JITTER + options.reach * gap;
}

function mismatch(least: number): Cost {
  return (l, s, ts, options) => {
    if (!withinReach(l, s, ts, options)) return undefined;
    const value = affinity(l.expected, s.box, Math.min(1, (ts - l.track.lastSeen) / 2000));
    return value >= least ? 1 - value : undefined;
  };
}

/**
 * Nobody teleports in a cabin: a sure sighting that nobody else claims, near somebody who was here a moment ago and is
 * missed now, is that somebody, even if the box has changed its shape, as in a fall.
 */
const distance: Cost = (l, s, ts, options) =>
  withinReach(l, s, ts, options) ? centreDistance(l.expected, s.box) : undefined;

function see(l: Live, s: Sighting, ts: number, options: TrackerOptions): void {
  l.kalman.correct(s.box, ts);
  l.looks++;
  l.backed ||= s.backed ?? true;
  l.confirmed ||= l.backed && l.looks >= options.confirmLooks;
  l.track = trackOf(l, s, ts);
}

function trackOf(l: Omit<Live, 'track'>, s: Sighting, ts: number): Track {
  const state: TrackState = l.confirmed ? 'confirmed' : 'tentative';
  const track = { trackId: l.trackId, label: s.label, score: s.score, box: s.box, state };
  const times = { firstSeen: l.firstSeen, lastSeen: ts };
  return s.keypoints ? { ...track, keypoints: s.keypoints, ...times } : { ...track, ...times };
}

/** Not seen this time: the box is where it is expected, the pose is no longer known. */
function leave(l: Live, partial: boolean): void {
  const { keypoints: _gone, ...rest } = l.track;
  const state: TrackState = partial ? rest.state : l.confirmed ? 'lost' : 'tentative';
  l.track = { ...rest, box: l.expected, state };
}

function born(s: Sighting, ts: number, trackId: number, options: TrackerOptions): Live {
  const backed = s.backed ?? true;
  const confirmed = backed && options.confirmLooks <= 1;
  const kalman = createKalmanBox(s.box, ts);
  const base = { trackId, kalman, firstSeen: ts, expected: s.box, looks: 1, backed, confirmed };
  return { ...base, track: trackOf(base, s, ts) };
}

const lifetime = (l: Live, options: TrackerOptions): number =>
  (l.confirmed ? options.lostSeconds : options.tentativeSeconds) * 1000;

function strongest(sightings: readonly Sighting[], options: TrackerOptions): Sighting[] {
  const usable = sightings.filter((s) => s.score >= options.lowScore);
  if (usable.length <= options.maxTracks) return usable;
  return usable.sort((a, b) => b.score - a.score).slice(0, options.maxTracks);
}

function remove<T>(from: T[], taken: ReadonlySet<T>): void {
  if (taken.size === 0) return;
  const left = from.filter((item) => !taken.has(item));
  from.splice(0, from.length, ...left);
}
