import type { CarFacts, Facts } from '../facts/facts.ts';
import { both, FOR_EVER, type Span } from '../facts/span.ts';
import type { IncidentOptions } from '../options.ts';
import { type Reason, reason } from '../words/reasons.ts';
import { none, type Rule, type Standing, UNKNOWN, type Verdict } from './rule.ts';

/** One thing that makes it look as if people were trapped. */
interface Ground {
  readonly since: number;
  readonly sure: boolean;
  /** Never more than a suspicion, whatever it is joined by. */
  readonly weak?: boolean;
  readonly reasons: readonly Reason[];
}

/** Fields of one event may be told a little apart. */
const SLACK_MS = 2000;

/**
 * People inside, and the car not serving them. What is not known is never taken for a stop, a closed door or a person:
 * every ground rests on something heard or seen. Over once people can leave, or the car runs normally.
 */
export const entrapment: Rule = Object.freeze({
  kind: 'entrapment',
  severity: 'critical',
  life: (options: IncidentOptions) => options.entrapment,
  judge(facts: Facts, options: IncidentOptions, standing: Standing): Verdict {
    const over = whyOver(facts, options, standing);
    if (over) return none(over);
    const grounds = groundsOf(facts, options);
    if (grounds.length === 0) return UNKNOWN;
    const pressed = isPressed(facts, options);
    const reasons = grounds.flatMap((ground) => ground.reasons);
    return {
      belief: grounds.some((ground) => ground.sure) ? 'confirmed' : 'suspected',
      since: Math.min(...grounds.map((ground) => ground.since)),
      reasons: [...insideReasons(facts), ...withContext(reasons, facts, options)],
      severity: grounds.every((ground) => ground.weak) && !pressed ? 'serious' : 'critical',
      insistent: pressed,
    };
  },
});

function whyOver(facts: Facts, options: IncidentOptions, standing: Standing): Reason | undefined {
  const { facts: limits } = options;
  const { car, people, horizon } = facts;
  const emptyFor = (seconds: number): boolean => facts.clear && horizon.lasted(people.empty, seconds);
  if (car) {
    const { moving, open, mode } = car;
    if (mode !== 'inspection' && moving && horizon.lasted(moving, limits.runSeconds))
      return reason('controller', 'car-runs', { seconds: horizon.seconds(moving) });
    if (open && people.is === 'none' && horizon.lasted(open, limits.runSeconds))
      return reason('camera', 'people-left');
    // Between floors an open door was forced: nobody is free to leave through it.
    if (open && !car.outsideZone && horizon.lasted(open, limits.openSeconds))
      return reason('controller', 'free-to-leave', { floor: car.floor ?? null });
  }
  // An empty picture proves little against a closed door: only a mere suspicion yields to it, and none that somebody raised.
  const explained = !speaks(car) || standing.phase === undefined || standing.phase === 'suspected';
  if (explained && !isFresh(facts.helpAt, facts, options) && emptyFor(limits.emptySeconds))
    return reason('camera', 'people-gone');
  return undefined;
}

/** Whether the controller says anything by which a stopped car can be told from a running one. */
function speaks(car: CarFacts | undefined): boolean {
  return car !== undefined && (car.door !== undefined || car.still !== undefined || car.moving !== undefined);
}

function groundsOf(facts: Facts, options: IncidentOptions): Ground[] {
  const { car } = facts;
  const found =
    !speaks(car) || !car
      ? [pictureAlone(facts, options), helpButton(facts, options)]
      : car.mode === 'inspection'
        ? [alarmButton(facts, car, options), helpButton(facts, options)]
        : [
            betweenFloors(facts, car, options),
            behindClosedDoor(facts, car, options),
            failedOpenings(facts, car, options),
            alarmButton(facts, car, options),
            helpButton(facts, options),
            controllerFault(facts, car, options),
          ];
  return found.filter((ground) => ground !== undefined);
}

/** Somebody is inside: seen, held to be, or heavy enough for the scales. */
function someone({ people }: Facts): Span | undefined {
  return people.is === 'weighed' ? { since: 0, until: FOR_EVER } : people.inside;
}

function betweenFloors(
  facts: Facts,
  car: CarFacts,
  { entrapment: limits }: IncidentOptions,
): Ground | undefined {
  const { horizon, people } = facts;
  const stopped = both(car.still, car.outsideZone);
  if (!stopped || car.unclosed) return undefined;
  const said = (): Reason =>
    reason('controller', 'stopped-between-floors', {
      seconds: horizon.seconds(stopped),
      floor: car.floor ?? null,
    });
  const inside = both(stopped, someone(facts));
  const { since } = stopped;
  if (horizon.lasted(inside, limits.betweenSuspectSeconds))
    return { since, sure: horizon.lasted(inside, limits.betweenConfirmSeconds), reasons: [said()] };
  if (people.is === 'unknown' && horizon.lasted(stopped, limits.unknownSeconds))
    return { since, sure: false, weak: true, reasons: [said(), reason('rule', 'people-unknown')] };
  return undefined;
}

/** Firefighters keep the door closed on purpose, and the scales of an idle car may drift: neither counts here. */
function behindClosedDoor(
  facts: Facts,
  car: CarFacts,
  { entrapment: limits }: IncidentOptions,
): Ground | undefined {
  const { horizon, people } = facts;
  const shut = both(car.closed, car.still);
  if (!shut || !people.inside || car.outsideZone || car.mode === 'fire') return undefined;
  const inside = both(shut, people.inside);
  const stands = (seconds: number): boolean =>
    horizon.lasted(inside, seconds) && seenFor(facts, (seconds * 1000) / 2);
  if (!stands(limits.floorSuspectSeconds)) return undefined;
  const { since } = shut;
  const said = { seconds: horizon.seconds(shut), floor: car.floor ?? null };
  return {
    since,
    sure: stands(limits.floorConfirmSeconds),
    reasons: [reason('controller', 'door-stays-closed', said)],
  };
}

/** Half of the time at least, so that a ghost of the detector traps nobody in an idle car. */
function seenFor({ people, horizon }: Facts, ms: number): boolean {
  if (people.seenMs >= ms) return true;
  return people.accruing && horizon.reached(horizon.now + ms - people.seenMs);
}

function failedOpenings(
  facts: Facts,
  car: CarFacts,
  { entrapment: limits }: IncidentOptions,
): Ground | undefined {
  const failed = car.moves.filter((move) => move.what === 'failed-opening');
  if (!car.closed || !car.still || !facts.people.inside || failed.length < limits.failedOpenings)
    return undefined;
  return {
    since: failed[0]?.at ?? car.closed.since,
    sure: failed.length > limits.failedOpenings,
    reasons: [reason('controller', 'door-fails-to-open', { times: failed.length })],
  };
}

/** Pressed while the car stood with its door closed: who presses it on the way may be a child at play. */
function alarmButton(facts: Facts, car: CarFacts, options: IncidentOptions): Ground | undefined {
  const { horizon, people } = facts;
  const { buttonSuspectSeconds, buttonConfirmSeconds } = options.entrapment;
  const shut = both(car.outsideZone ?? car.closed, car.still);
  if (!shut || people.is === 'none' || car.buttonAt === undefined) return undefined;
  if (!isFresh(car.buttonAt, facts, options)) return undefined;
  if (car.buttonAt < shut.since - SLACK_MS) return undefined;
  const since = Math.max(shut.since, car.buttonAt);
  const stuck = { since, until: shut.until };
  if (!horizon.lasted(stuck, buttonSuspectSeconds)) return undefined;
  const sure = someone(facts) !== undefined && horizon.lasted(stuck, buttonConfirmSeconds);
  const unknown = people.is === 'unknown' ? [reason('rule', 'people-unknown')] : [];
  return { since, sure, reasons: [reason('controller', 'alarm-button'), ...unknown] };
}

/**
 * Pressed on the cabin's screen: believed at once, unless the car is known to run or its door to be open (EN 81-28's alarm
 * filtering). Nobody need be seen, for somebody has pressed it.
 */
function helpButton(facts: Facts, options: IncidentOptions): Ground | undefined {
  const { car, helpAt, horizon } = facts;
  if (helpAt === undefined || !isFresh(helpAt, facts, options)) return undefined;
  if (car?.moving || car?.unclosed) return undefined;
  const shut = car && both(car.outsideZone ?? car.closed, car.still);
  const stuck = shut && { since: Math.max(shut.since, helpAt), until: shut.until };
  const sure = horizon.lasted(stuck, options.entrapment.buttonConfirmSeconds);
  return { since: stuck?.since ?? helpAt, sure, reasons: [reason('person', 'help-button')] };
}

function isPressed(facts: Facts, options: IncidentOptions): boolean {
  return isFresh(facts.car?.buttonAt, facts, options) || isFresh(facts.helpAt, facts, options);
}

function isFresh(
  at: number | undefined,
  { horizon }: Facts,
  { entrapment: limits }: IncidentOptions,
): boolean {
  return at !== undefined && !horizon.reached(at + limits.buttonMemorySeconds * 1000);
}

/** A fault that was there long before the car came to stand has not stopped it. */
function controllerFault(
  facts: Facts,
  car: CarFacts,
  { entrapment: limits }: IncidentOptions,
): Ground | undefined {
  const { horizon } = facts;
  const shut = both(car.outsideZone ?? car.closed, car.still);
  if (!shut || !isNewFault(car, limits.faultLeadSeconds)) return undefined;
  const stuck = both(both(shut, car.faults), someone(facts));
  if (!horizon.lasted(stuck, limits.faultSuspectSeconds)) return undefined;
  return {
    since: shut.since,
    sure: horizon.lasted(stuck, limits.faultConfirmSeconds),
    reasons: [faultReason(car)],
  };
}

function isNewFault({ faults, still }: CarFacts, leadSeconds: number): boolean {
  return faults !== undefined && still !== undefined && faults.since >= still.since - leadSeconds * 1000;
}

const faultReason = (car: CarFacts): Reason =>
  reason('controller', 'controller-fault', { codes: (car.faults?.codes ?? []).join(', ') });

function pictureAlone(facts: Facts, { entrapment: limits }: IncidentOptions): Ground | undefined {
  const { steady } = facts.people;
  if (!steady || !facts.horizon.lasted(steady, limits.pictureSeconds)) return undefined;
  const seconds = facts.horizon.seconds(steady);
  return {
    since: steady.since,
    sure: false,
    weak: true,
    reasons: [reason('camera', 'people-long-inside', { seconds }), reason('rule', 'no-controller')],
  };
}

function insideReasons({ people, car }: Facts): Reason[] {
  const count = people.count ?? 0;
  if (people.is === 'seen' && people.someHidden) return [reason('camera', 'people-shown', { count })];
  if (people.is === 'seen') return [reason('camera', 'people-seen', { count })];
  if (people.is === 'held') return [reason('camera', 'people-held', { count })];
  if (people.is !== 'weighed') return [];
  return [reason('controller', 'people-weighed', { percent: Math.round((car?.load ?? 0) * 100) })];
}

/** What also stands, though it is no ground of its own. */
function withContext(reasons: readonly Reason[], facts: Facts, options: IncidentOptions): Reason[] {
  const { car, helpAt } = facts;
  const said = (key: Reason['key']): boolean => reasons.some((r) => r.key === key);
  const more: Reason[] = [];
  if (isFresh(car?.buttonAt, facts, options) && !said('alarm-button'))
    more.push(reason('controller', 'alarm-button'));
  if (isFresh(helpAt, facts, options) && !said('help-button')) more.push(reason('person', 'help-button'));
  if (car?.faults && !said('controller-fault')) more.push(faultReason(car));
  return [...reasons, ...more];
}
