import type { DoorState } from './car.ts';

/** A text for people in the languages of the operators. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const INCIDENT_KINDS = Object.freeze([
  'entrapment',
  'ebike-entry',
  'fall',
  'motionless-person',
  'door-blocked',
  'door-cycling',
  'long-door-open',
  'door-open-moving',
  'overspeed',
  'overtravel',
  'crowding',
  'camera-blocked',
  'camera-offline',
  'controller-offline',
] as const);
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** `relieved`: the situation is over, the incident is not: closing it is an act of its own (EN 81-28). */
export const INCIDENT_PHASES = Object.freeze([
  'suspected',
  'confirmed',
  'acknowledged',
  'relieved',
  'closed',
] as const);
export type IncidentPhase = (typeof INCIDENT_PHASES)[number];

/** Falling in urgency. */
export const SEVERITIES = Object.freeze(['critical', 'serious', 'warning', 'notice'] as const);
export type Severity = (typeof SEVERITIES)[number];

/**
 * Why an incident is closed. `withdrawn`: it was never more than suspected; `cap`: it stood open for its stated cap;
 * `removed`: the lift is no longer watched; `duplicate`: it goes on as an earlier incident of the same situation.
 */
export const CLOSE_REASONS = Object.freeze([
  'over',
  'withdrawn',
  'cap',
  'operator',
  'false-alarm',
  'removed',
  'duplicate',
] as const);
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** Who did something: a person, a machine's key, or the service's own rules. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'service';
  /** The user's or key's id; for the service the name of the part. */
  readonly id: string;
  /** As shown to people. */
  readonly name: string;
}

/** One fact that speaks for or against the incident, in words and figures. */
export interface Evidence {
  readonly at: number;
  readonly source: 'controller' | 'camera' | 'person' | 'rule';
  readonly words: Words;
  readonly data?: Readonly<Record<string, number | string | boolean | null>>;
}

/** A first, hedged reading of the cause. Data of the fault-judgement table, never a finding. */
export interface CauseReading {
  /** Id of the table's row. */
  readonly id: string;
  readonly words: Words;
  /** How far to trust it. */
  readonly likelihood: 'likely' | 'possible';
  /** What to try, in order. */
  readonly advice: readonly Words[];
}

export interface IncidentNote {
  readonly at: number;
  readonly by: Actor;
  readonly text: string;
}

export interface Incident {
  /** Stable for ever; UUID v7 in the live service. */
  readonly id: string;
  readonly liftId: string;
  readonly kind: IncidentKind;
  readonly phase: IncidentPhase;
  readonly severity: Severity;
  /** When the situation itself began, as far as is known. */
  readonly startedAt: number;
  readonly suspectedAt: number;
  readonly confirmedAt?: number;
  readonly acknowledgedAt?: number;
  readonly acknowledgedBy?: Actor;
  /** Absent again once it is reopened. */
  readonly relievedAt?: number;
  /** When the situation came back the last time after it had been relieved. */
  readonly reopenedAt?: number;
  readonly closedAt?: number;
  readonly closedBy?: Actor;
  readonly closeReason?: CloseReason;
  /** People inside, debounced, as last known; undefined where that was never known. */
  readonly people: number | undefined;
  readonly floor: number | undefined;
  readonly door: DoorState | undefined;
  /** Why it is believed. */
  readonly why: Words;
  /** What would change its mind. */
  readonly unless: Words;
  readonly causes: readonly CauseReading[];
  /** In order of time, bounded: the first and the latest are kept. */
  readonly evidence: readonly Evidence[];
  readonly notes: readonly IncidentNote[];
  /** Set while a maintenance window silences its alarm. */
  readonly silencedUntil?: number;
  /** Rises by one with every change; 1 when opened. */
  readonly version: number;
}

export const INCIDENT_CHANGES = Object.freeze([
  'opened',
  'confirmed',
  'updated',
  'acknowledged',
  'relieved',
  'reopened',
  'closed',
  'noted',
] as const);
export type IncidentChangeKind = (typeof INCIDENT_CHANGES)[number];

/** One step of an incident's life, with the incident as it is after it. */
export interface IncidentChange {
  readonly change: IncidentChangeKind;
  readonly at: number;
  readonly by: Actor;
  readonly incident: Incident;
}

/** What a person may do to an incident. */
export type IncidentAct =
  | { readonly act: 'acknowledge' }
  | { readonly act: 'relieve' }
  | { readonly act: 'close' }
  | { readonly act: 'false-alarm'; readonly text?: string }
  | { readonly act: 'note'; readonly text: string };

/**
 * A span in which a lift is worked on. What begins within it is recorded but raises no alarm, unless the alarm button in
 * the car is pressed. Always has an end.
 */
export interface MaintenanceWindow {
  readonly id: string;
  readonly liftId: string;
  readonly from: number;
  readonly until: number;
  readonly by: Actor;
  readonly reason: string;
}
