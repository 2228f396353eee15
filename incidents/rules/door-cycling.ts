import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** The door opens and closes fully, again and again, and the car does not leave. */
export const doorCycling: Rule = Object.freeze({
  kind: 'door-cycling',
  severity: 'warning',
  life: (options) => options.door,
  judge({ car, horizon }, options, { kinds }) {
    // A door that fails to let trapped people out is already told of.
    if (!car || kinds.has('entrapment')) return UNKNOWN;
    const { cycles, cycleWindowSeconds } = options.door;
    const window = cycleWindowSeconds * 1000;
    const done = car.moves.filter((move) => move.what !== 'reversal');
    const last = done.at(-1);
    const first = done.at(-cycles);
    if (last && first && last.at - first.at <= window && !horizon.reached(last.at + window)) {
      const seconds = (last.at - first.at) / 1000;
      const reasons = [reason('controller', 'door-cycles', { times: cycles, seconds })];
      return { belief: 'confirmed', since: first.at, reasons };
    }
    if (car.moving && horizon.lasted(car.moving, options.facts.runSeconds))
      return none(reason('controller', 'car-runs', { seconds: horizon.seconds(car.moving) }));
    const quiet = [car.closed, car.open].some((span) => horizon.lasted(span, cycleWindowSeconds));
    return quiet ? none(reason('controller', 'door-settled')) : UNKNOWN;
  },
} satisfies Rule);
