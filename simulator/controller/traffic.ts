import type { BehaviourEvent, ControllerMessage } from '../../core/index.ts';
import { type LinkItem, liftOnLink } from './lift-on-link.ts';
import { type EntrapmentPlace, TRAFFIC_DEFAULTS, type TrafficOptions } from './options.ts';
import { planEntrapments } from './plan-entrapments.ts';

export interface TrafficMessage {
  readonly kind: 'message';
  readonly liftId: string;
  /** When it was sent, true time, epoch ms. */
  readonly at: number;
  readonly receivedAt: number;
  /** All fields, `ts` by the controller's own clock, and `seq`. */
  readonly message: ControllerMessage;
}

export interface TrafficBehaviour {
  readonly kind: 'behaviour';
  readonly liftId: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly event: BehaviourEvent;
}

export type TrafficItem = TrafficMessage | TrafficBehaviour;

/** One entrapment as it truly was, epoch ms. */
export interface TrueEntrapment {
  readonly liftId: string;
  readonly place: EntrapmentPlace;
  readonly from: number;
  /** When the door opens or the car runs again, at the earliest. */
  readonly until: number;
  readonly people: number;
  readonly floor: number;
}

export interface Traffic extends Iterable<TrafficItem> {
  readonly liftIds: readonly string[];
  /** Filled while the traffic is read; those that have not begun yet are not in it. */
  readonly entrapments: readonly TrueEntrapment[];
}

const SLICE_MS = 60_000;

/**
 * Messages of many lifts as they arrive over a bad link, in order of `receivedAt`, and what was true. The same options
 * give the same traffic. Reads lazily, a minute at a time; it can be read once.
 */
export function generateTraffic(given: Partial<TrafficOptions> = {}): Traffic {
  const options = { ...TRAFFIC_DEFAULTS, ...given };
  const entrapments: TrueEntrapment[] = [];
  const planned = planEntrapments(options, (entrapment) => entrapments.push(entrapment));
  const liftIds = Array.from({ length: options.lifts }, (_, index) => `${options.prefix}${index + 1}`);

  function* read(): Generator<TrafficItem> {
    const lifts = liftIds.map((id, index) => liftOnLink(id, index, planned[index] ?? [], options));
    const heads: (LinkItem | undefined)[] = lifts.map((lift) => lift.next().value ?? undefined);
    const end = options.startAt + options.seconds * 1000;
    let waiting: TrafficItem[] = [];
    for (let until = options.startAt; until < end || waiting.length > 0; ) {
      until += SLICE_MS;
      for (const [index, lift] of lifts.entries()) {
        let head = heads[index];
        while (head && head.sentAt < Math.min(until, end)) {
          waiting.push(...head.arrivals);
          head = lift.next().value ?? undefined;
        }
        heads[index] = head;
      }
      // Nothing arrives before it is sent, so what arrives before the slice's end is complete.
      waiting.sort((a, b) => a.receivedAt - b.receivedAt);
      const later = waiting.findIndex((item) => item.receivedAt >= until);
      const ready = later < 0 ? waiting : waiting.slice(0, later);
      waiting = later < 0 ? [] : waiting.slice(later);
      yield* ready;
    }
  }

  return { liftIds, entrapments, [Symbol.iterator]: read };
}
