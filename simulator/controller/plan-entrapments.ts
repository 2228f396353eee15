import type { PlannedEntrapment } from './lift-life.ts';
import type { TrafficOptions } from './options.ts';
import { createRandom, seedOf } from './random.ts';
import type { TrueEntrapment } from './traffic.ts';

const LEAST_SECONDS = 150;
const MOST_SECONDS = 300;
/** A lift may stand idle for minutes before the ride that an entrapment waits for. */
const SPARE_SECONDS = 900;

/** Who gets stuck where and when: spread evenly over the lifts, and over time for those that have several. */
export function planEntrapments(
  options: TrafficOptions,
  record: (entrapment: TrueEntrapment) => void,
): PlannedEntrapment[][] {
  const perLift: PlannedEntrapment[][] = Array.from({ length: options.lifts }, () => []);
  const random = createRandom(seedOf(options.seed, 0, 9));
  const stride = Math.max(1, Math.floor(options.lifts / Math.max(1, options.entrapments)));
  const rounds = Math.ceil((options.entrapments * stride) / options.lifts) || 1;
  const slot = Math.max(0, options.seconds - SPARE_SECONDS) / rounds;
  for (let i = 0; i < options.entrapments; i++) {
    const lift = (i * stride) % options.lifts;
    const round = Math.floor((i * stride) / options.lifts);
    const place = i % 2 === 0 ? 'between-floors' : 'at-floor';
    const lasts = random.between(LEAST_SECONDS, MOST_SECONDS);
    perLift[lift]?.push({
      after: slot * (round + random.between(0.1, 0.6)),
      place,
      lasts,
      pressesAlarm: random.chance(0.3),
      fault: random.chance(0.7) ? (place === 'at-floor' ? 'E12' : 'E21') : undefined,
      happened: (at, people, floor) => {
        const from = Math.round(options.startAt + at * 1000);
        const liftId = `${options.prefix}${lift + 1}`;
        record({ liftId, place, from, until: from + Math.round(lasts * 1000), people, floor });
      },
    });
  }
  return perLift;
}
