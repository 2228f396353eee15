import type { Facts } from '../facts/facts.ts';
import type { IncidentOptions } from '../options.ts';
import { reason } from '../words/reasons.ts';
import { none, UNKNOWN, type Verdict } from './rule.ts';

/**
 * What all rules about a door that stays open begin with: it has closed, or the car runs. Engineers and firefighters
 * keep doors open on purpose. Undefined: go on asking.
 */
export function doorQuestion(
  { car, horizon, episodes }: Facts,
  options: IncidentOptions,
): Verdict | undefined {
  if (!car) return episodes['door-blocked'] ? undefined : UNKNOWN;
  if (car.closed && horizon.lasted(car.closed, 1)) return none(reason('controller', 'door-closed'));
  if (car.moving && horizon.lasted(car.moving, options.facts.runSeconds))
    return none(reason('controller', 'car-runs', { seconds: horizon.seconds(car.moving) }));
  if (car.mode === 'inspection' || car.mode === 'fire')
    return none(reason('controller', 'other-mode', { mode: car.mode }));
  return undefined;
}
