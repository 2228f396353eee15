import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** Faster than levelling with the door open. In inspection the door may be bridged on purpose. */
export const doorOpenMoving: Rule = Object.freeze({
  kind: 'door-open-moving',
  severity: 'critical',
  life: (options) => options.motion,
  judge({ car, horizon }, { motion }) {
    if (!car) return UNKNOWN;
    const { openRun } = car;
    if (openRun && car.mode !== 'inspection') {
      const sure = openRun.samples >= motion.openSamples;
      if (!sure) horizon.askAgain();
      return {
        belief: sure ? 'confirmed' : 'suspected',
        since: openRun.since,
        reasons: [reason('controller', 'door-open-at-speed', { speed: openRun.max })],
      };
    }
    const safe = [car.closed, car.still].some((span) => horizon.lasted(span, 1));
    return safe ? none(reason('controller', 'stopped-or-closed')) : UNKNOWN;
  },
} satisfies Rule);
