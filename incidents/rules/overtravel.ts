import type { CarFacts, Facts } from '../facts/facts.ts';
import { both } from '../facts/span.ts';
import type { IncidentOptions } from '../options.ts';
import { type Reason, reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/**
 * Past the top or the bottom landing (冲顶, 蹲底). A fault code that means it is believed; the position alone is a suspicion,
 * as a car that stops just short of its last landing looks the same.
 */
export const overtravel: Rule = Object.freeze({
  kind: 'overtravel',
  severity: 'critical',
  life: (options) => options.motion,
  judge(facts, options, { codes }) {
    const { car, horizon } = facts;
    if (!car) return UNKNOWN;
    const place = past(facts, car, options);
    if (codes.length > 0 && car.faults) {
      const said = reason('controller', 'fault-says-so', { codes: codes.join(', ') });
      return { belief: 'confirmed', since: car.faults.since, reasons: place ? [said, place.reason] : [said] };
    }
    if (place) return { belief: 'suspected', since: place.since, reasons: [place.reason] };
    return horizon.lasted(car.inZone, 2) ? none(reason('controller', 'back-in-zone')) : UNKNOWN;
  },
} satisfies Rule);

function past(
  { horizon }: Facts,
  car: CarFacts,
  { motion }: IncidentOptions,
): { since: number; reason: Reason } | undefined {
  const stopped = both(car.still, car.outsideZone);
  if (!stopped || car.floor === undefined || car.mode === 'inspection') return undefined;
  const isTop = car.floor === motion.topFloor && car.way === 'up';
  const isBottom = car.floor === motion.bottomFloor && car.way === 'down';
  if ((!isTop && !isBottom) || !horizon.lasted(stopped, motion.overtravelSeconds)) return undefined;
  return {
    since: stopped.since,
    reason: reason('controller', 'past-last-floor', { end: isTop ? 'top' : 'bottom' }),
  };
}
