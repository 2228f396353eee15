import type { BehaviourEvent } from '../../core/index.ts';
import type { ClipTruth } from './clip-truth.ts';

export interface Finding {
  /** `people`, or a behaviour kind. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** Seconds from when it was so to when it was said; undefined when it never was. */
  readonly delay: number | undefined;
  readonly agrees: boolean;
}

/** Behaviours that a clip alone decides. Others need longer than a clip, or the controller. */
const JUDGED: ReadonlySet<string> = new Set(['ebike', 'fall', 'crowding', 'camera-blocked', 'camera-frozen']);
/** What else may rightly be said while this is true. */
const EXCUSES: Readonly<Record<string, readonly string[]>> = { 'camera-blocked': ['lights-out'] };
/** A judgement may come this long before the exact start, s: people touch the floor before they lie. */
const EARLY = 1;
/** … and so long after the end. */
const LATE = 3;
/** A number of people that holds so long, s, must be seen … */
const STEADY = 4;
/** … within so long, s. */
const SETTLE = 3;

/**
 * Holds what was said of a clip against what is true of it.
 * @param events in order, `ts` and `startedAt` in seconds from the clip's start
 */
export function compareWithTruth(events: readonly BehaviourEvent[], truth: ClipTruth): Finding[] {
  return [peopleFinding(events, truth), ...kindFindings(events, truth)];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

function peopleFinding(events: readonly BehaviourEvent[], truth: ClipTruth): Finding {
  const said = stretches(
    events.filter((e) => e.kind === 'occupancy').map((e) => ({ t: e.ts, inside: Number(e.evidence.count) })),
    truth.duration,
  );
  const unseen = truth.events.filter((e) => e.kind === 'camera-blocked' || e.kind === 'camera-frozen');
  const steady = stretches(truth.counts, truth.duration)
    .filter((s) => s.to - s.from >= STEADY)
    .filter((s) => !unseen.some((u) => u.start < s.to && u.end > s.from));
  const delays = steady.map((s) => settled(s, said));
  const known = delays.filter((d) => d !== undefined);
  return {
    what: 'people',
    expected: path(steady),
    got: path(said),
    delay: known.length > 0 ? Math.max(...known) : undefined,
    agrees: delays.every((d) => d !== undefined && d <= SETTLE),
  };
}

/** Seconds until the number was said to be what it is, and then until the end of the stretch nothing else was. */
function settled(truth: Stretch, said: readonly Stretch[]): number | undefined {
  const during = said.filter((s) => s.from < truth.to && s.to > truth.from);
  const last = during.at(-1);
  // Someone about to leave may be counted out a little early.
  const judged = last && last.count !== truth.count && truth.to - last.from < EARLY ? during.at(-2) : last;
  return judged?.count === truth.count ? Math.max(0, judged.from - truth.from) : undefined;
}

function stretches(changes: readonly { t: number; inside: number }[], duration: number): Stretch[] {
  const all = changes[0]?.t === 0 ? changes : [{ t: 0, inside: 0 }, ...changes];
  return all
    .map(({ t, inside }, i) => ({ from: t, to: all[i + 1]?.t ?? duration, count: inside }))
    .filter((s) => s.to > s.from);
}

const path = (list: readonly Stretch[]): string =>
  list
    .map((s) => s.count)
    .filter((count, i, all) => count !== all[i - 1])
    .join('→');

function kindFindings(events: readonly BehaviourEvent[], truth: ClipTruth): Finding[] {
  const said = alarms(events);
  const expected = truth.events.filter((e) => JUDGED.has(e.kind));
  const used = new Set<Alarm>();
  const found = expected.map((e): Finding => {
    const match = said.find(
      (a) => a.kind === e.kind && !used.has(a) && a.at >= e.start - EARLY && a.at <= e.end + LATE,
    );
    if (match) used.add(match);
    return {
      what: e.kind,
      expected: time(e.start),
      got: match ? time(match.at) : 'nothing',
      delay: match ? match.at - e.start : undefined,
      agrees: match !== undefined,
    };
  });
  const extra = said.filter((a) => !used.has(a) && !excused(a, truth));
  return [
    ...found,
    ...extra.map(
      (a): Finding => ({
        what: a.kind,
        expected: 'nothing',
        got: time(a.at),
        delay: undefined,
        agrees: false,
      }),
    ),
  ];
}

interface Alarm {
  readonly kind: string;
  readonly at: number;
}

/** When each judged behaviour began to be said; an e-bike when the vote confirmed it, not at the first warning. */
function alarms(events: readonly BehaviourEvent[]): Alarm[] {
  const list: Alarm[] = [];
  const confirmed = new Set<number>();
  for (const { kind, phase, ts, startedAt, evidence } of events) {
    if (!JUDGED.has(kind)) continue;
    if (kind !== 'ebike') {
      if (phase === 'started') list.push({ kind, at: ts });
    } else if (evidence.stage === 'confirmed' && !confirmed.has(startedAt)) {
      confirmed.add(startedAt);
      list.push({ kind, at: ts });
    }
  }
  return list;
}

/** True while something of the same kind, or what may pass for it, was so: a second word on it is no false alarm. */
function excused(alarm: Alarm, truth: ClipTruth): boolean {
  const kinds = [alarm.kind, ...(EXCUSES[alarm.kind] ?? [])];
  return truth.events.some(
    (e) => kinds.includes(e.kind) && alarm.at >= e.start - EARLY && alarm.at <= e.end + LATE,
  );
}

const time = (t: number): string => `${t.toFixed(1)} s`;
