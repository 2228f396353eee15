import type { BehaviourEvent, ControllerMessage } from '../../core/index.ts';
import { liftLife, type Moment, type PlannedEntrapment } from './lift-life.ts';
import type { TrafficOptions } from './options.ts';
import { createRandom, type Random, seedOf } from './random.ts';
import type { TrafficItem } from './traffic.ts';

/** What was sent at one moment, and what of it arrives, and when. */
export interface LinkItem {
  readonly sentAt: number;
  readonly arrivals: readonly TrafficItem[];
}

/** How long a camera takes to be sure of a changed number of people, ms. */
const COUNTED_AFTER_MS = [1000, 2000] as const;

/** One lift's messages and counts, with what its link does to them. */
export function* liftOnLink(
  liftId: string,
  index: number,
  planned: readonly PlannedEntrapment[],
  options: TrafficOptions,
): Generator<LinkItem, undefined> {
  const { startAt, floors, halts } = options;
  const life = liftLife({ floors, halts, planned }, createRandom(seedOf(options.seed, index, 0)));
  const random = createRandom(seedOf(options.seed, index, 1));
  const carry = createLink(options, createRandom(seedOf(options.seed, index, 2)));
  const skew = Math.round(random.between(-options.skewMs, options.skewMs));
  let seq = 0;
  let count = 0;
  let countedSince = startAt;
  for (const moment of withHeartbeats(life, options.period)) {
    const at = Math.round(startAt + moment.at * 1000);
    const message = messageOf(moment, at + skew, seq++);
    const arrivals: TrafficItem[] = carry(at).map((receivedAt) => ({
      kind: 'message',
      liftId,
      at,
      receivedAt,
      message,
    }));
    if (options.behaviours && moment.people !== count) {
      const receivedAt = at + Math.round(random.between(...COUNTED_AFTER_MS));
      if (count === 0) countedSince = at;
      const event = occupancy(liftId, receivedAt, countedSince, at, count, moment.people);
      arrivals.push({ kind: 'behaviour', liftId, at, receivedAt, event });
      count = moment.people;
    }
    yield { sentAt: at, arrivals };
  }
  return undefined;
}

/** Every moment of a life, and between them the last one again so that no two are further apart than `period`, s. */
function* withHeartbeats(life: Iterable<Moment>, period: number): Generator<Moment> {
  let last: Moment | undefined;
  for (const moment of life) {
    for (let at = (last?.at ?? moment.at) + period; last && at < moment.at; at += period)
      yield { ...last, at };
    yield moment;
    last = moment;
  }
}

function messageOf(moment: Moment, ts: number, seq: number): ControllerMessage {
  const { at: _at, people: _people, ...said } = moment;
  return { ...said, mode: 'normal', load: Math.round(moment.people * 7.5) / 100, ts, seq };
}

/** When a message that is sent arrives: once, twice or never. */
function createLink(options: TrafficOptions, random: Random): (sentAt: number) => number[] {
  const { loss, duplicates, delayMs, gaps } = options;
  const gapMs = gaps.seconds * 1000;
  const untilGap = (): number =>
    gaps.perHour > 0 ? Math.max(60_000, random.exponential(3_600_000 / gaps.perHour)) : Infinity;
  let gapAt = options.startAt + untilGap();
  let keeps = random.chance(0.5);
  return (sentAt) => {
    if (sentAt > gapAt + gapMs) {
      gapAt = sentAt + untilGap();
      keeps = random.chance(0.5);
    }
    const inGap = sentAt >= gapAt;
    if (random.chance(loss) || (inGap && !keeps)) return [];
    const leaves = inGap ? gapAt + gapMs : sentAt;
    const arrival = (): number => Math.round(leaves + random.between(0, delayMs));
    return random.chance(duplicates) ? [arrival(), arrival()] : [arrival()];
  };
}

function occupancy(
  liftId: string,
  ts: number,
  startedAt: number,
  changedAt: number,
  previous: number,
  count: number,
): BehaviourEvent {
  const phase = previous === 0 ? 'started' : count === 0 ? 'ended' : 'updated';
  const evidence = { count, previous, changedAt, trackIds: [], reason: 'seen' };
  return { kind: 'occupancy', phase, liftId, ts, startedAt, confidence: 1, evidence };
}
