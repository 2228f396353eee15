import type { Evidence, Incident, IncidentChange, Severity } from '../../core/index.ts';
import { SEVERITIES } from '../../core/index.ts';
import type { Facts } from '../facts/facts.ts';
import type { FaultTable } from '../faults/fault-table.ts';
import { readCauses } from '../faults/read-causes.ts';
import type { IncidentOptions } from '../options.ts';
import type { Belief, Rule, Verdict } from '../rules/rule.ts';
import { type Reason, reason } from '../words/reasons.ts';
import { evidenceOf, sayWhy } from '../words/say.ts';
import { UNLESS } from '../words/unless.ts';
import {
  cappedFrom,
  closedPatch,
  confirmedPatch,
  isOpen,
  type Patch,
  RULES_ACTOR,
  reopenedPatch,
  step,
} from './transitions.ts';

/** An open incident, and what has to be kept to follow it. Plain JSON. */
export interface Case {
  readonly incident: Incident;
  /** Since when it has been seen to be over. */
  readonly noneSince?: number | undefined;
  /** When its rules last changed it. */
  readonly changedAt: number;
  /** A person said that it is over, and nothing has yet borne that out. */
  readonly byHand: boolean;
}

export interface CaseContext {
  readonly rule: Rule;
  readonly facts: Facts;
  readonly options: IncidentOptions;
  readonly faultTable: FaultTable;
}

export interface Followed {
  readonly next: Case;
  readonly changes: readonly IncidentChange[];
}

const unchanged = (next: Case): Followed => ({ next, changes: [] });

function changed(found: Case, change: IncidentChange, patch: Partial<Case> = {}): Followed {
  const next = { ...found, ...patch, incident: change.incident, changedAt: change.at };
  return { next, changes: [change] };
}

const msOf = (seconds: number): number => seconds * 1000;

export function openCase(
  context: CaseContext & {
    readonly verdict: Belief;
    readonly liftId: string;
    readonly id: string;
    readonly workedOn: number | undefined;
  },
): Followed {
  const { verdict, rule, facts, liftId, id, workedOn } = context;
  const { now } = facts.horizon;
  const people = peopleOf(facts, verdict);
  const silenced = workedOn !== undefined && !verdict.insistent ? { silencedUntil: workedOn } : {};
  const incident: Incident = {
    id,
    liftId,
    kind: rule.kind,
    phase: 'suspected',
    severity: verdict.severity ?? rule.severity,
    startedAt: Math.min(verdict.since, now),
    suspectedAt: now,
    people,
    floor: facts.car?.floor,
    door: facts.car?.door,
    ...textsOf(context, verdict, false, people),
    evidence: verdict.reasons.map((r) => evidenceOf(r, now)),
    notes: [],
    ...silenced,
    version: 1,
  };
  const opened: IncidentChange = { change: 'opened', at: now, by: RULES_ACTOR, incident };
  const next: Case = { incident, changedAt: now, byHand: false };
  if (verdict.belief === 'suspected') return { next, changes: [opened] };
  const confirmed = believe(next, verdict, context);
  return { next: confirmed.next, changes: [opened, ...confirmed.changes] };
}

/** Why, unless and causes, as they are now. */
function textsOf(
  { rule, options, faultTable, facts }: CaseContext,
  verdict: Belief,
  sure: boolean,
  people: number | undefined,
): Pick<Incident, 'why' | 'unless' | 'causes'> {
  return {
    why: sayWhy(rule.kind, sure, people, verdict.reasons),
    unless: UNLESS[rule.kind](options),
    causes: readCauses(faultTable, facts, rule.kind),
  };
}

/** Closes what has stood open for its cap. */
export function capCase(found: Case, { rule, options, facts }: CaseContext): Followed | undefined {
  const { capSeconds } = rule.life(options);
  const { horizon } = facts;
  if (!horizon.reached(cappedFrom(found.incident) + msOf(capSeconds))) return undefined;
  const said = reason('rule', 'capped', { hours: Math.round(capSeconds / 360) / 10 });
  return changed(found, close(found.incident, horizon.now, 'cap', said));
}

function close(
  incident: Incident,
  at: number,
  why: 'over' | 'withdrawn' | 'cap' | 'duplicate',
  said: Reason,
): IncidentChange {
  return step(incident, 'closed', at, closedPatch(at, RULES_ACTOR, why), [evidenceOf(said, at)]);
}

/** The same situation already stands as another incident. */
export function closeDuplicate(incident: Incident, of: string, at: number): IncidentChange {
  return close(incident, at, 'duplicate', reason('rule', 'goes-on-as-earlier', { id: of }));
}

export function followCase(found: Case, verdict: Verdict, context: CaseContext): Followed {
  if (!isOpen(found.incident)) return unchanged(found);
  if (found.incident.phase === 'relieved') return followRelieved(found, verdict, context);
  if (verdict.belief === 'none') return doubt(found, verdict.reason, context);
  const steady = found.noneSince === undefined ? found : { ...found, noneSince: undefined };
  return verdict.belief === 'unknown' ? unchanged(steady) : believe(steady, verdict, context);
}

/** It is seen to be over; once that has lasted, it is. */
function doubt(found: Case, said: Reason, { rule, options, facts }: CaseContext): Followed {
  const { horizon } = facts;
  const noneSince = found.noneSince ?? horizon.now;
  if (!horizon.reached(noneSince + msOf(rule.life(options).overSeconds)))
    return unchanged({ ...found, noneSince });
  const { incident } = found;
  const { now } = horizon;
  if (incident.phase === 'suspected' && incident.reopenedAt === undefined)
    return changed(found, close(incident, now, 'withdrawn', said));
  const patch: Patch = { phase: 'relieved', relievedAt: now, ...placeOf(facts) };
  const relieved = step(incident, 'relieved', now, patch, [evidenceOf(said, now)]);
  return changed(found, relieved, { noneSince: undefined, byHand: false });
}

/** What a rule has counted itself may lie a moment back: neither count is too high. */
function peopleOf({ people }: Facts, verdict?: Belief): number | undefined {
  if (verdict?.people === undefined) return people.count;
  return Math.max(verdict.people, people.count ?? 0);
}

function placeOf(facts: Facts, verdict?: Belief): Pick<Patch, 'people' | 'floor' | 'door'> {
  const people = peopleOf(facts, verdict);
  const known = people === undefined ? {} : { people };
  return { ...known, floor: facts.car?.floor, door: facts.car?.door };
}

function followRelieved(found: Case, verdict: Verdict, context: CaseContext): Followed {
  const { rule, options, facts } = context;
  const { incident } = found;
  const { horizon } = facts;
  const windowMs = msOf(rule.life(options).reopenSeconds);
  const lapsed = horizon.reached((incident.relievedAt ?? horizon.now) + windowMs);
  if (verdict.belief === 'suspected' || verdict.belief === 'confirmed') {
    // Whoever said that it is over is believed for a while against what is still seen.
    if (found.byHand && !lapsed) return unchanged(found);
    return reopen(found, verdict, context, windowMs);
  }
  const believed = verdict.belief === 'none' && found.byHand ? { ...found, byHand: false } : found;
  // The end of an entrapment's alarm is a person's act.
  if (rule.kind === 'entrapment' || !lapsed) return unchanged(believed);
  return changed(found, close(incident, horizon.now, 'over', reason('rule', 'closed-after-end')));
}

function reopen(found: Case, verdict: Belief, context: CaseContext, windowMs: number): Followed {
  const { facts } = context;
  const { now } = facts.horizon;
  const { incident } = found;
  const sure = verdict.belief === 'confirmed';
  const patch = {
    ...reopenedPatch(incident, now, sure, windowMs),
    ...placeOf(facts, verdict),
    ...textsOf(context, verdict, sure, peopleOf(facts, verdict) ?? incident.people),
    severity: verdict.severity ?? context.rule.severity,
  };
  const evidence = verdict.reasons.map((r) => evidenceOf(r, now));
  return changed(found, step(incident, 'reopened', now, patch, evidence), { byHand: false });
}

/** What is believed of an incident that stands: it is confirmed, or more is known of it. */
function believe(found: Case, verdict: Belief, context: CaseContext): Followed {
  const { facts, options, rule } = context;
  const { incident } = found;
  const { now } = facts.horizon;
  const people = peopleOf(facts, verdict) ?? incident.people;
  const isFirst = verdict.belief === 'confirmed' && !isSure(incident);
  const sure = isFirst || isSure(incident);
  const fresh = verdict.reasons.filter((r) => !isKnown(incident, r));
  const severity = graver(incident.severity, verdict.severity ?? rule.severity);
  const evidence = fresh.map((r) => evidenceOf(r, now));
  const patch = (): Patch => ({
    ...placeOf(facts, verdict),
    ...textsOf(context, verdict, sure, people),
    severity,
  });
  if (isFirst)
    return changed(
      found,
      step(incident, 'confirmed', now, { ...patch(), ...confirmedPatch(incident, now) }, evidence),
    );
  const isNews =
    fresh.length > 0 ||
    people !== incident.people ||
    severity !== incident.severity ||
    newCauses(incident, readCauses(context.faultTable, facts, rule.kind));
  if (!isNews || !facts.horizon.reached(found.changedAt + msOf(options.updateSeconds)))
    return unchanged(found);
  return changed(found, step(incident, 'updated', now, patch(), evidence));
}

const isSure = ({ confirmedAt, phase }: Incident): boolean =>
  phase === 'confirmed' || (phase === 'acknowledged' && confirmedAt !== undefined);

/** It has already been given as evidence since the incident was last raised. */
function isKnown(incident: Incident, { key }: Reason): boolean {
  const raisedAt = incident.reopenedAt ?? incident.suspectedAt;
  return incident.evidence.some((e: Evidence) => e.at >= raisedAt && e.data?.fact === key);
}

const graver = (a: Severity, b: Severity): Severity =>
  SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;

function newCauses(incident: Incident, causes: Incident['causes']): boolean {
  return causes.some(({ id }) => !incident.causes.some((known) => known.id === id));
}

/**
 * Takes the silence of a maintenance window away once it is over, or the alarm button is pressed: the alarm is then
 * raised. `windows` is given when they have just changed.
 */
export function liftSilence(
  found: Case,
  verdict: Verdict,
  { facts }: CaseContext,
  windows: { readonly workedOn: number | undefined } | undefined,
): Followed {
  const { silencedUntil } = found.incident;
  if (silencedUntil === undefined || !isOpen(found.incident)) return unchanged(found);
  const insistent = verdict.belief !== 'unknown' && verdict.belief !== 'none' && verdict.insistent;
  const until = insistent ? undefined : windows ? windows.workedOn : silencedUntil;
  const isOver = until === undefined || facts.horizon.reached(until);
  if (!isOver && until === silencedUntil) return unchanged(found);
  const patch: Patch = { silencedUntil: isOver ? undefined : until };
  return changed(found, step(found.incident, 'updated', facts.horizon.now, patch));
}
