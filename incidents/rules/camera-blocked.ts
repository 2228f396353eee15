import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** A covered lens is certain; darkness may as well be a lamp that is out. */
export const cameraBlocked: Rule = Object.freeze({
  kind: 'camera-blocked',
  severity: 'warning',
  life: (options) => options.watch,
  judge({ episodes }) {
    const episode = episodes['camera-blocked'];
    if (!episode) return UNKNOWN;
    const { evidence, open, startedAt } = episode;
    if (!open) return evidence.reason === 'cap' ? UNKNOWN : none(reason('camera', 'picture-clear'));
    return evidence.certain === false
      ? { belief: 'suspected', since: startedAt, reasons: [reason('camera', 'picture-dark')] }
      : { belief: 'confirmed', since: startedAt, reasons: [reason('camera', 'lens-covered')] };
  },
} satisfies Rule);
