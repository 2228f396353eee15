import type { DoorState } from '../../core/index.ts';
import type { EntrapmentPlace } from './options.ts';
import type { Random } from './random.ts';

/** What is true in one lift from `at` (s) on, until the next moment. */
export interface Moment {
  readonly at: number;
  readonly door: DoorState;
  readonly doorZone: boolean;
  readonly floor: number;
  readonly direction: 'up' | 'down' | 'none';
  readonly speed: number;
  readonly faults: readonly string[];
  readonly alarmButton: boolean;
  readonly people: number;
}

export interface PlannedEntrapment {
  /** The first ride with people after this, s, ends in it. */
  readonly after: number;
  readonly place: EntrapmentPlace;
  /** How long it lasts, s. */
  readonly lasts: number;
  readonly pressesAlarm: boolean;
  /** The fault code the controller shows; undefined: it sees no fault. */
  readonly fault: string | undefined;
  /** Called when it has come to pass. */
  readonly happened: (at: number, people: number, floor: number) => void;
}

export interface LiftLifeOptions {
  readonly floors: number;
  readonly halts: number;
  readonly planned: readonly PlannedEntrapment[];
}

const SECONDS_PER_FLOOR = 2;
const RATED_SPEED = 1.6;

/** One lift's life, for ever: waits, is called, lets people in, rides, lets them out. Moments come in order of time. */
export function* liftLife(options: LiftLifeOptions, random: Random): Generator<Moment> {
  const planned = [...options.planned];
  let now: Moment = {
    at: 0,
    door: 'closed',
    doorZone: true,
    floor: random.whole(1, options.floors),
    direction: 'none',
    speed: 0,
    faults: [],
    alarmButton: false,
    people: 0,
  };
  const after = (seconds: number, change: Partial<Moment>): Moment => {
    now = { ...now, ...change, at: now.at + seconds };
    return now;
  };

  function* doors(boarding: number): Generator<Moment> {
    yield after(0.5, { door: 'opening' });
    yield after(2, { door: 'open' });
    if (boarding !== now.people) yield after(random.between(1, 3), { people: boarding });
    let hold = random.chance(0.03) ? random.between(20, 60) : random.between(2, 6);
    while (random.chance(0.08)) {
      yield after(hold, { door: 'closing' });
      yield after(random.between(0.5, 1.5), { door: 'opening' });
      yield after(1, { door: 'open' });
      hold = random.between(2, 4);
    }
    yield after(hold, { door: 'closing' });
    yield after(2.5, { door: 'closed' });
  }

  function* stuck(plan: PlannedEntrapment, pause: number): Generator<Moment> {
    const begun = after(pause, { speed: 0, direction: 'none' });
    yield begun;
    plan.happened(begun.at, begun.people, begun.floor);
    if (plan.fault !== undefined) yield after(1, { faults: [plan.fault] });
    if (plan.pressesAlarm) {
      yield after(random.between(20, 40), { alarmButton: true });
      yield after(random.between(3, 10), { alarmButton: false });
    }
    now = { ...now, at: Math.max(now.at, begun.at + plan.lasts) };
    yield after(0, { faults: [] });
  }

  function* ride(to: number): Generator<Moment> {
    const step = Math.sign(to - now.floor);
    const direction = step > 0 ? 'up' : 'down';
    const running = { direction, speed: RATED_SPEED, doorZone: false } as const;
    const plan = now.people > 0 && now.at > (planned[0]?.after ?? Infinity) ? planned.shift() : undefined;
    yield after(random.between(1, 2), running);
    if (plan?.place === 'between-floors') {
      yield* stuck(plan, SECONDS_PER_FLOOR / 2);
      yield after(1, { ...running, speed: 0.3 });
    } else if (random.chance(options.halts)) {
      yield after(SECONDS_PER_FLOOR / 2, { speed: 0, direction: 'none' });
      yield after(random.between(3, 8), running);
    }
    while (now.floor !== to) yield after(SECONDS_PER_FLOOR, { floor: now.floor + step });
    yield after(1, { direction: 'none', speed: 0, doorZone: true });
    if (plan?.place === 'at-floor') yield* stuck(plan, 0);
  }

  yield now;
  for (;;) {
    yield after(random.exponential(40), {});
    const from = random.whole(1, options.floors);
    if (from !== now.floor) yield* ride(from);
    yield* doors(random.whole(1, 5));
    do {
      yield* ride(otherFloor(now.floor, options.floors, random));
      const leaving = random.whole(1, now.people);
      const boarding = random.chance(0.3) ? random.whole(0, 2) : 0;
      yield* doors(now.people - leaving + boarding);
    } while (now.people > 0);
  }
}

function otherFloor(floor: number, floors: number, random: Random): number {
  const other = random.whole(1, floors - 1);
  return other < floor ? other : other + 1;
}
