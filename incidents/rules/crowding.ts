import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

export const crowding: Rule = Object.freeze({
  kind: 'crowding',
  severity: 'notice',
  life: (options) => options.crowding,
  judge({ episodes: { crowding: episode } }) {
    if (!episode) return UNKNOWN;
    if (episode.open) {
      const count = Number(episode.evidence.count ?? 0);
      return {
        belief: 'confirmed',
        since: episode.startedAt,
        reasons: [reason('camera', 'crowd', { count })],
        people: count,
      };
    }
    return episode.evidence.reason === 'cap' ? UNKNOWN : none(reason('camera', 'crowd-gone'));
  },
} satisfies Rule);
