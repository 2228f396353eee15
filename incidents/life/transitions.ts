import type {
  Actor,
  CloseReason,
  Evidence,
  Incident,
  IncidentChange,
  IncidentChangeKind,
  IncidentPhase,
} from '../../core/index.ts';

/** The service's own rules, as the one who did something. */
export const RULES_ACTOR: Actor = Object.freeze({ kind: 'service', id: 'incidents', name: 'Cabinwatch' });

/** Of the evidence, the beginning and the latest are what people read. */
const FIRST = 20;
const LATEST = 20;

/** What a step may set; `undefined` takes a field away. */
export type Patch = { readonly [K in keyof Incident]?: Incident[K] | undefined };

function patched(incident: Incident, patch: Patch): Incident {
  const entries = Object.entries({ ...incident, ...patch }).filter(([, value]) => value !== undefined);
  // People, floor and door are there even while they are not known.
  const { people, floor, door } = { ...incident, ...patch };
  return { ...(Object.fromEntries(entries) as unknown as Incident), people, floor, door };
}

function withEvidence(incident: Incident, more: readonly Evidence[]): readonly Evidence[] {
  const all = [...incident.evidence, ...more];
  return all.length <= FIRST + LATEST ? all : [...all.slice(0, FIRST), ...all.slice(-LATEST)];
}

/** One step of an incident's life; the version rises. */
export function step(
  incident: Incident,
  change: IncidentChangeKind,
  at: number,
  patch: Patch,
  evidence: readonly Evidence[] = [],
  by: Actor = RULES_ACTOR,
): IncidentChange {
  const next = patched(incident, {
    ...patch,
    version: incident.version + 1,
    evidence: withEvidence(incident, evidence),
  });
  return { change, at, by, incident: next };
}

/** Confirmed later than it was acknowledged, it stays acknowledged. */
export function confirmedPatch(incident: Incident, at: number): Patch {
  const phase: IncidentPhase = incident.phase === 'suspected' ? 'confirmed' : incident.phase;
  return { phase, confirmedAt: incident.confirmedAt ?? at };
}

export function closedPatch(at: number, by: Actor, closeReason: CloseReason): Patch {
  return { phase: 'closed', closedAt: at, closedBy: by, closeReason };
}

/**
 * Back from relieved. Within `windowMs` of its end whoever acknowledged it is still at it; later it has to be acknowledged
 * anew.
 */
export function reopenedPatch(incident: Incident, at: number, sure: boolean, windowMs: number): Patch {
  const isFresh = at - (incident.relievedAt ?? at) <= windowMs;
  const kept = isFresh && incident.acknowledgedAt !== undefined;
  const phase: IncidentPhase = kept ? 'acknowledged' : sure ? 'confirmed' : 'suspected';
  const confirmedAt = sure ? (incident.confirmedAt ?? at) : incident.confirmedAt;
  const acknowledged = kept ? {} : { acknowledgedAt: undefined, acknowledgedBy: undefined };
  return { phase, confirmedAt, reopenedAt: at, relievedAt: undefined, ...acknowledged };
}

/** Since when its cap runs: since it was last raised, or relieved. */
export function cappedFrom(incident: Incident): number {
  return incident.relievedAt ?? incident.reopenedAt ?? incident.suspectedAt;
}

export const isOpen = (incident: Incident): boolean => incident.phase !== 'closed';
