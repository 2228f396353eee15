import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

/** Somebody went down and stays down; the more urgent when they do not move either. */
export const fall: Rule = Object.freeze({
  kind: 'fall',
  severity: 'serious',
  life: (options) => options.person,
  judge(facts, { person, facts: limits }) {
    const { horizon, episodes, people } = facts;
    const episode = episodes.fall;
    if (episode?.open) {
      const seconds = (horizon.now - episode.startedAt) / 1000;
      const still = episodes['motionless-person']?.open ?? false;
      const isDown = horizon.reached(episode.startedAt + person.fallConfirmSeconds * 1000);
      return {
        belief: isDown ? 'confirmed' : 'suspected',
        since: episode.startedAt,
        reasons: [reason('camera', 'fallen', { seconds })],
        severity: still ? 'critical' : 'serious',
      };
    }
    if (facts.clear && horizon.lasted(people.empty, limits.emptySeconds))
      return none(reason('camera', 'people-gone'));
    return episode ? none(reason('camera', 'up-again')) : UNKNOWN;
  },
} satisfies Rule);
