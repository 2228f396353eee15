import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** Several readings in a row above the rated speed, or a fault code that means it. */
export const overspeed: Rule = Object.freeze({
  kind: 'overspeed',
  severity: 'critical',
  life: (options) => options.motion,
  judge({ car, horizon }, { motion }, { codes }) {
    if (!car) return UNKNOWN;
    const { tooFast, slow, faults } = car;
    if (tooFast && tooFast.samples < motion.overspeedSamples) horizon.askAgain();
    const said = codes.length > 0 ? [reason('controller', 'fault-says-so', { codes: codes.join(', ') })] : [];
    if (tooFast && tooFast.samples >= motion.overspeedSamples - 1) {
      const speed = { speed: tooFast.max, rated: motion.ratedSpeed };
      const sure = tooFast.samples >= motion.overspeedSamples || said.length > 0;
      return {
        belief: sure ? 'confirmed' : 'suspected',
        since: tooFast.since,
        reasons: [reason('controller', 'too-fast', speed), ...said],
      };
    }
    if (said.length > 0 && faults) return { belief: 'confirmed', since: faults.since, reasons: said };
    if (!slow || !horizon.lasted(slow, motion.slowSeconds)) return UNKNOWN;
    return none(reason('controller', 'speed-ordinary', { seconds: horizon.seconds(slow) }));
  },
} satisfies Rule);
