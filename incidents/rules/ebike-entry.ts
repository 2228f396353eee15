import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** The vote over the pictures is the behaviour's; here it becomes an incident. */
export const ebikeEntry: Rule = Object.freeze({
  kind: 'ebike-entry',
  severity: 'serious',
  life: (options) => options.ebikeEntry,
  judge({ episodes: { ebike } }) {
    if (!ebike) return UNKNOWN;
    const { stage } = ebike.evidence;
    if (ebike.open) {
      const since = ebike.startedAt;
      if (stage !== 'confirmed')
        return { belief: 'suspected', since, reasons: [reason('camera', 'ebike-warned')] };
      const percent = Math.round(Number(ebike.evidence.share ?? 0) * 100);
      return { belief: 'confirmed', since, reasons: [reason('camera', 'ebike-seen', { percent })] };
    }
    if (stage === 'cap') return UNKNOWN;
    return none(reason('camera', stage === 'withdrawn' ? 'ebike-not-confirmed' : 'ebike-gone'));
  },
} satisfies Rule);
