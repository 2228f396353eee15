import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** Longer than ordinary gaps. A controller that has never spoken counts from when it was first waited for. */
export const controllerOffline: Rule = Object.freeze({
  kind: 'controller-offline',
  severity: 'warning',
  life: (options) => options.watch,
  judge({ car, horizon }, { watch }) {
    if (!car) return UNKNOWN;
    if (car.link === 'online') return none(reason('controller', 'controller-back'));
    const silentFor = (seconds: number): boolean => horizon.reached(car.linkSince + seconds * 1000);
    if (!silentFor(watch.controllerSuspectSeconds)) return UNKNOWN;
    const seconds = (horizon.now - car.linkSince) / 1000;
    return {
      belief: silentFor(watch.controllerConfirmSeconds) ? 'confirmed' : 'suspected',
      since: car.linkSince,
      reasons: [
        car.link === 'never'
          ? reason('controller', 'controller-never')
          : reason('controller', 'controller-silent', { seconds }),
      ],
    };
  },
} satisfies Rule);
