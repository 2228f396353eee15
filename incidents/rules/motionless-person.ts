import { reason } from '../words/reasons.ts';
import { none, type Rule, UNKNOWN } from './rule.ts';

export const motionlessPerson: Rule = Object.freeze({
  kind: 'motionless-person',
  severity: 'serious',
  life: (options) => options.person,
  judge(facts, { facts: limits }) {
    const { horizon, episodes, people } = facts;
    const episode = episodes['motionless-person'];
    if (episode?.open) {
      const seconds = (horizon.now - episode.startedAt) / 1000;
      const reasons = [reason('camera', 'motionless', { seconds })];
      return { belief: 'confirmed', since: episode.startedAt, reasons };
    }
    if (facts.clear && horizon.lasted(people.empty, limits.emptySeconds))
      return none(reason('camera', 'people-gone'));
    return !episode || episode.evidence.reason === 'cap' ? UNKNOWN : none(reason('camera', 'moves-again'));
  },
} satisfies Rule);
