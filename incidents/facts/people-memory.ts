import type { BehaviourEvent } from '../../core/index.ts';
import { FOR_EVER, type Horizon, type Span } from './span.ts';

/** How many people the picture has shown, and since when. Plain JSON. */
export interface PeopleMemory {
  /** Undefined until the picture has spoken once: a restart knows nothing. */
  readonly count?: number | undefined;
  readonly countedAt?: number | undefined;
  /** Since when somebody has been inside without a break. */
  readonly presentSince?: number | undefined;
  /** Since when nobody has come or gone. */
  readonly steadySince?: number | undefined;
  readonly former?: { readonly count: number; readonly since: number; readonly leftAt: number } | undefined;
  /** The last number above none, and when it was last so. */
  readonly lastSome?: { readonly count: number; readonly at: number } | undefined;
  /** How long, ms, somebody has been seen since the door was last open. */
  readonly seenMs: number;
  /** For how long, ms, the picture has shown at least one, two, three … people behind a door that has been closed since. */
  readonly shown?: { readonly shutSince: number; readonly ms: readonly number[] } | undefined;
  readonly accruedTo?: number | undefined;
  /** Whether the time from then on counts. */
  readonly accruing?: boolean | undefined;
}

/**
 * `seen`: in the picture now. `held`: not seen now, but nobody leaves through a closed door. `weighed`: the scales
 * alone say so. `none`: the cabin is seen to be empty, or was when the door closed.
 */
export type Presence = 'seen' | 'held' | 'weighed' | 'none' | 'unknown';

export interface PeopleFact {
  readonly is: Presence;
  /** People hide behind each other but do not leave through a closed door: the most that were shown since it closed. */
  readonly count: number | undefined;
  /** Some of them are out of sight. */
  readonly someHidden: boolean;
  /** Somebody is inside (`seen` or `held`), and since when. */
  readonly inside: Span | undefined;
  /** Nobody has come or gone, while somebody is seen. */
  readonly steady: Span | undefined;
  /** The cabin has been empty. */
  readonly empty: Span | undefined;
  readonly seenMs: number;
  /** Time goes on being counted as seen. */
  readonly accruing: boolean;
  /** Since when the door is known to have stayed closed. */
  readonly shutSince: number | undefined;
}

/** Under this a ghost of the detector is as likely as a person who is now out of sight. */
const HOLDABLE_MS = 10_000;
/** With the second for which a count must hold to be told of: a ghost seldom lasts as long. */
const SHOWN_MS = 2000;

export function countPeople(
  before: PeopleMemory,
  event: BehaviourEvent,
  flickerSeconds: number,
): PeopleMemory {
  const count = Number(event.evidence.count);
  if (!Number.isInteger(count) || count < 0) return before;
  if (before.countedAt !== undefined && event.ts <= before.countedAt) return before;
  // A count that is only given up for its age says nothing of who is inside.
  if (event.evidence.reason === 'cap') return { seenMs: 0, countedAt: event.ts, accruedTo: before.accruedTo };
  if (count === before.count) return { ...before, countedAt: event.ts };
  const flicker = flickerSeconds * 1000;
  const at = event.phase === 'started' ? Math.min(event.startedAt, event.ts) : event.ts;
  const { former } = before;
  const back = former?.count === count && event.ts - former.leftAt <= flicker;
  const gap = before.lastSome && before.count === 0 ? event.ts - before.lastSome.at : 0;
  const presentSince = before.presentSince !== undefined && gap <= flicker ? before.presentSince : at;
  const steady = before.steadySince ?? at;
  return {
    ...before,
    count,
    countedAt: event.ts,
    presentSince: count > 0 || before.count ? presentSince : undefined,
    steadySince: back ? former.since : at,
    former: before.count === undefined ? undefined : { count: before.count, since: steady, leftAt: event.ts },
    lastSome:
      count > 0
        ? { count, at: event.ts }
        : before.count
          ? { count: before.count, at: event.ts }
          : before.lastSome,
  };
}

export interface PeopleContext {
  readonly horizon: Horizon;
  /** The door is known to be closed, and since when. */
  readonly closed: Span | undefined;
  /** Since when the picture cannot be trusted. */
  readonly doubtSince: number | undefined;
  readonly heldSeconds: number;
  readonly weighed: boolean;
}

export function peopleFact(memory: PeopleMemory, context: PeopleContext): PeopleFact {
  const { horizon, closed, doubtSince, weighed } = context;
  const closedNow = closed && closed.until >= horizon.now ? closed : undefined;
  const shutSince = closedNow?.since;
  const most = mostShown(memory, shutSince);
  const { count, seenMs } = memory;
  const say = (is: Presence, shown: number | undefined): PeopleFact => {
    const inside = is === 'seen' || is === 'held';
    const count = inside ? Math.max(shown ?? 0, most) : shown;
    return {
      is,
      count,
      someHidden: inside && most > (shown ?? 0),
      seenMs,
      inside: inside ? { since: memory.presentSince ?? horizon.now, until: FOR_EVER } : undefined,
      steady: is === 'seen' ? { since: memory.steadySince ?? horizon.now, until: FOR_EVER } : undefined,
      empty:
        is === 'none'
          ? { since: memory.lastSome?.at ?? memory.countedAt ?? horizon.now, until: FOR_EVER }
          : undefined,
      accruing: is === 'seen' || (is === 'held' && doubtSince !== undefined),
      shutSince,
    };
  };
  const otherwise = (): PeopleFact => say(weighed ? 'weighed' : 'unknown', undefined);
  if (count === undefined) return otherwise();
  if (doubtSince !== undefined) {
    if (!closedNow || closedNow.since > doubtSince) return otherwise();
    horizon.reached(closedNow.until + 1);
    return count > 0 ? say('held', count) : say('none', 0);
  }
  if (count > 0) return say('seen', count);
  const { lastSome } = memory;
  const holdable = lastSome && closedNow && closedNow.since <= lastSome.at && seenMs >= HOLDABLE_MS;
  if (holdable && !horizon.reached(lastSome.at + context.heldSeconds * 1000)) {
    horizon.reached(closedNow.until + 1);
    return say('held', lastSome.count);
  }
  return say('none', 0);
}

/** The most people that were shown long enough since the door closed. */
function mostShown({ shown }: PeopleMemory, shutSince: number | undefined): number {
  if (!shown || shown.shutSince !== shutSince) return 0;
  return shown.ms.filter((ms) => ms >= SHOWN_MS).length;
}

/** Counts the time up to now as seen or not, by what has been the case until now. */
export function accrue(memory: PeopleMemory, now: number, doorOpen: boolean): PeopleMemory {
  const gained = memory.accruing ? Math.max(0, now - (memory.accruedTo ?? now)) : 0;
  const shown = gained > 0 ? lengthen(memory, gained) : memory.shown;
  return { ...memory, seenMs: doorOpen ? 0 : memory.seenMs + gained, shown, accruedTo: now };
}

function lengthen({ shown, count = 0 }: PeopleMemory, gained: number): PeopleMemory['shown'] {
  if (!shown) return undefined;
  const length = Math.max(count, shown.ms.length);
  const ms = Array.from({ length }, (_, i) => (shown.ms[i] ?? 0) + (i < count ? gained : 0));
  return { ...shown, ms };
}

/** What the next look adds to, given what is known now. */
export function carryOn(memory: PeopleMemory, { accruing, shutSince }: PeopleFact): PeopleMemory {
  const shown = memory.shown?.shutSince === shutSince ? memory.shown : undefined;
  const fresh = shutSince === undefined ? undefined : { shutSince, ms: [] };
  return { ...memory, accruing, shown: shown ?? fresh };
}
