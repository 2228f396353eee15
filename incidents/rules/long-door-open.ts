import { reason } from '../words/reasons.ts';
import { doorQuestion } from './door.ts';
import { type Rule, UNKNOWN } from './rule.ts';

/** An open door that nobody is seen to hold; a parked lift may leave it open. */
export const longDoorOpen: Rule = Object.freeze({
  kind: 'long-door-open',
  severity: 'notice',
  life: (options) => options.door,
  judge(facts, options, { kinds }) {
    const over = doorQuestion(facts, options);
    if (over) return over;
    const { car, horizon } = facts;
    if (!car?.unclosed || car.mode === 'parked' || kinds.has('door-blocked')) return UNKNOWN;
    if (!horizon.lasted(car.unclosed, options.door.longOpenSeconds)) return UNKNOWN;
    const said = { seconds: horizon.seconds(car.unclosed), floor: car.floor ?? null };
    return {
      belief: 'confirmed',
      since: car.unclosed.since,
      reasons: [reason('controller', 'door-long-open', said)],
    };
  },
} satisfies Rule);
