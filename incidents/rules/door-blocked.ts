import type { CarFacts, Facts } from '../facts/facts.ts';
import { both } from '../facts/span.ts';
import type { IncidentOptions } from '../options.ts';
import { type Reason, reason } from '../words/reasons.ts';
import { doorQuestion } from './door.ts';
import { type Rule, UNKNOWN, type Verdict } from './rule.ts';

/** Somebody or something keeps the door from closing: it turns back, or stands open with people in the car. */
export const doorBlocked: Rule = Object.freeze({
  kind: 'door-blocked',
  severity: 'warning',
  life: (options) => options.door,
  judge(facts, options, { kinds }) {
    const over = doorQuestion(facts, options);
    if (over) return over;
    if (kinds.has('long-door-open')) return UNKNOWN;
    return blocked(facts, options);
  },
} satisfies Rule);

function blocked(facts: Facts, options: IncidentOptions): Verdict {
  const { car, episodes } = facts;
  const held = car && heldOpen(facts, car, options);
  const turns = car && turnsBack(facts, car, options);
  const seen = episodes['door-blocked']?.open ? episodes['door-blocked'] : undefined;
  const reasons: Reason[] = [held, turns].flatMap((ground) => (ground ? [ground.reason] : []));
  if (seen) reasons.push(reason('camera', 'doorway-occupied'));
  if (reasons.length === 0) return UNKNOWN;
  return {
    belief: held?.sure || turns?.sure ? 'confirmed' : 'suspected',
    since: car?.unclosed?.since ?? seen?.startedAt ?? facts.horizon.now,
    reasons,
  };
}

interface DoorGround {
  readonly sure: boolean;
  readonly reason: Reason;
}

function heldOpen(facts: Facts, car: CarFacts, { door }: IncidentOptions): DoorGround | undefined {
  const { horizon, people } = facts;
  const { unclosed } = car;
  const present = both(unclosed, people.is === 'seen' ? people.inside : undefined);
  if (!unclosed || !horizon.lasted(present, door.blockedPresentSeconds)) return undefined;
  if (!horizon.lasted(unclosed, door.blockedSuspectSeconds)) return undefined;
  const said = { seconds: horizon.seconds(unclosed), floor: car.floor ?? null };
  return {
    sure: horizon.lasted(unclosed, door.blockedConfirmSeconds),
    reason: reason('controller', 'door-held-open', said),
  };
}

function turnsBack({ horizon }: Facts, car: CarFacts, { door }: IncidentOptions): DoorGround | undefined {
  const { unclosed } = car;
  if (!unclosed) return undefined;
  const times = car.moves.filter((m) => m.what === 'reversal' && m.at >= unclosed.since).length;
  if (times < door.reversals || !horizon.lasted(unclosed, door.reversalSeconds)) return undefined;
  return { sure: times > door.reversals, reason: reason('controller', 'door-turns-back', { times }) };
}
