import {
  CabinwatchError,
  type Incident,
  type IncidentChange,
  type IncidentKind,
  type MaintenanceWindow,
} from '../core/index.ts';
import { type FactMemory, type Facts, learn, NOTHING_KNOWN } from './facts/facts.ts';
import type { FaultTable } from './faults/fault-table.ts';
import { codesMeaning } from './faults/read-causes.ts';
import type { JudgeInput } from './inputs.ts';
import { applyAct } from './life/acts.ts';
import { type Case, capCase, closeDuplicate, followCase, liftSilence, openCase } from './life/case.ts';
import { putWindow, workedOnUntil } from './life/maintenance.ts';
import { isOpen } from './life/transitions.ts';
import type { IncidentOptions } from './options.ts';
import { RULES } from './rules/registry.ts';
import type { Rule, Verdict } from './rules/rule.ts';

export interface LiftJudgeOptions {
  readonly liftId: string;
  readonly options: IncidentOptions;
  readonly faultTable: FaultTable;
  /** Ids for new incidents; UUID v7 in the live service. */
  readonly nextId: () => string;
  /** What `toJSON` gave: goes on as if nothing had happened. */
  readonly resumed?: JudgeState;
}

/** Plain JSON. */
export interface JudgeState {
  readonly facts: FactMemory;
  readonly cases: readonly Case[];
  /** Kinds whose last incident was closed while the situation lasted: quiet until it is seen to be over. */
  readonly spent: readonly IncidentKind[];
  /** Until when a withdrawn suspicion is not raised anew, ms. */
  readonly quietUntil: Partial<Readonly<Record<IncidentKind, number>>>;
  readonly windows: readonly MaintenanceWindow[];
  readonly deadline?: number | undefined;
}

export interface LiftJudge {
  readonly liftId: string;
  /**
   * What changes by an input, in order. Late, repeated and unordered inputs do no harm.
   * @throws CabinwatchError for a person's act: INPUT_NOT_FOUND for an incident that is not open here, CONFLICT for what its phase does not allow
   */
  push(input: JudgeInput): IncidentChange[];
  /** When something may change by the passing of time alone: push a `tick` then. Undefined: nothing is waited for. */
  nextDeadline(): number | undefined;
  /** What is open, oldest first. */
  open(): readonly Incident[];
  toJSON(): JudgeState;
}

/** All rules over one lift. Pure: it reads no clock, and the same inputs give the same changes. */
export function createLiftJudge(setup: LiftJudgeOptions): LiftJudge {
  const { liftId, options, faultTable, nextId, resumed } = setup;
  let memory = resumed?.facts ?? NOTHING_KNOWN;
  const cases = new Map<IncidentKind, Case>();
  const spent = new Set<IncidentKind>(resumed?.spent);
  const quietUntil = new Map(Object.entries(resumed?.quietUntil ?? {}) as [IncidentKind, number][]);
  let windows = resumed?.windows ?? [];
  let deadline = resumed?.deadline;
  for (const found of resumed?.cases ?? []) cases.set(found.incident.kind, found);

  function push(input: JudgeInput): IncidentChange[] {
    // An act that is not allowed must change nothing, not even the time.
    const act = input.type === 'act' ? personDoes(input, Math.max(memory.now, input.ts)) : [];
    const learnt = learn(memory, input, options);
    memory = learnt.memory;
    if (input.type === 'maintenance') windows = putWindow(windows, input.window);
    if (input.type === 'maintenance-ended') windows = windows.filter(({ id }) => id !== input.windowId);
    windows = windows.filter(({ until }) => until > memory.now);
    const taken = input.type === 'take-up' ? input.incidents.flatMap((one) => takeUp(one, learnt.facts)) : [];
    return [...act, ...taken, ...judge(learnt.facts, input.type.startsWith('maintenance'))];
  }

  /** The older of two goes on, as people know it; what is known of the situation is kept apart from both. */
  function takeUp(incident: Incident, facts: Facts): readonly IncidentChange[] {
    const younger = cases.get(incident.kind);
    const rule = RULES.find(({ kind }) => kind === incident.kind);
    if (!rule || !isOpen(incident) || younger?.incident.id === incident.id) return [];
    const older = caseOf(incident);
    const over = younger && capCase(older, { rule, facts, options, faultTable });
    if (over) return over.changes;
    cases.set(incident.kind, older);
    return younger ? [closeDuplicate(younger.incident, incident.id, memory.now)] : [];
  }

  function personDoes(input: JudgeInput & { type: 'act' }, at: number): IncidentChange[] {
    const found = [...cases.values()].find(({ incident }) => incident.id === input.incidentId);
    if (!found) {
      const detail = `There is no open incident ${input.incidentId} on lift ${liftId}.`;
      throw new CabinwatchError('INPUT_NOT_FOUND', detail);
    }
    const change = applyAct(found.incident, input.act, input.actor, at);
    const { act } = input.act;
    keep({ ...found, incident: change.incident, byHand: act === 'relieve' || found.byHand });
    return [change];
  }

  function judge(facts: Facts, windowsChanged: boolean): IncidentChange[] {
    const changes: IncidentChange[] = [];
    for (const rule of RULES) {
      const { kind } = rule;
      const standing = {
        phase: cases.get(kind)?.incident.phase,
        kinds: cases,
        codes: codesMeaning(faultTable, facts, kind),
      };
      changes.push(...settle(rule, rule.judge(facts, options, standing), facts, windowsChanged));
    }
    // The window's own beginning and end are deadlines, too.
    for (const { from, until } of windows) for (const time of [from, until]) facts.horizon.reached(time);
    deadline = facts.horizon.next;
    return changes;
  }

  function settle(rule: Rule, verdict: Verdict, facts: Facts, windowsChanged: boolean): IncidentChange[] {
    const { kind } = rule;
    const context = { rule, facts, options, faultTable };
    const workedOn = workedOnUntil(windows, memory.now);
    const found = cases.get(kind);
    if (!found) {
      if (verdict.belief === 'none') spent.delete(kind);
      if (verdict.belief !== 'suspected' && verdict.belief !== 'confirmed') return [];
      if (spent.has(kind) || (verdict.belief === 'suspected' && isQuiet(kind, facts))) return [];
      return take(rule, openCase({ ...context, verdict, liftId, id: nextId(), workedOn }));
    }
    const followed = capCase(found, context) ?? followCase(found, verdict, context);
    const changes = take(rule, followed);
    const still = cases.get(kind);
    return still
      ? [
          ...changes,
          ...take(rule, liftSilence(still, verdict, context, windowsChanged ? { workedOn } : undefined)),
        ]
      : changes;
  }

  function isQuiet(kind: IncidentKind, { horizon }: Facts): boolean {
    const until = quietUntil.get(kind);
    return until !== undefined && !horizon.reached(until);
  }

  /** Keeps what a step has made of a case, and gives its changes. */
  function take(
    rule: Rule,
    result: { readonly next: Case; readonly changes: readonly IncidentChange[] },
  ): IncidentChange[] {
    keep(result.next, rule);
    return [...result.changes];
  }

  function keep(next: Case, rule = RULES.find(({ kind }) => kind === next.incident.kind)): void {
    const { kind, phase, closeReason, closedAt = memory.now } = next.incident;
    if (phase !== 'closed') {
      cases.set(kind, next);
      return;
    }
    cases.delete(kind);
    if (closeReason === 'operator' || closeReason === 'false-alarm' || closeReason === 'cap') spent.add(kind);
    // An entrapment is suspected anew at once: better twice than too late.
    if (closeReason === 'withdrawn' && rule && kind !== 'entrapment')
      quietUntil.set(kind, closedAt + rule.life(options).reopenSeconds * 1000);
  }

  return {
    liftId,
    push,
    nextDeadline: () => deadline,
    open: () =>
      [...cases.values()].map(({ incident }) => incident).sort((a, b) => a.suspectedAt - b.suspectedAt),
    toJSON: () =>
      structuredClone({
        facts: memory,
        cases: [...cases.values()],
        spent: [...spent],
        quietUntil: Object.fromEntries(quietUntil),
        windows,
        deadline,
      }),
  };
}

function caseOf(incident: Incident): Case {
  return { incident, changedAt: 0, byHand: false };
}
