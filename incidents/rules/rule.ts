import type { IncidentKind, IncidentPhase, Severity } from '../../core/index.ts';
import type { Facts } from '../facts/facts.ts';
import type { IncidentOptions } from '../options.ts';
import type { Reason } from '../words/reasons.ts';

/**
 * What a rule makes of the facts. `unknown`: nothing can be said, so whatever stands goes on standing. `none`: it is known
 * not to be so, and why. Only `none` ever ends an incident.
 */
export type Verdict = { readonly belief: 'unknown' } | NoneVerdict | Belief;

export interface NoneVerdict {
  readonly belief: 'none';
  readonly reason: Reason;
}

export interface Belief {
  readonly belief: 'suspected' | 'confirmed';
  /** When the situation began, ms. */
  readonly since: number;
  readonly reasons: readonly Reason[];
  /** How many it has seen itself, where the number of people is what it is about. */
  readonly people?: number;
  /** Instead of the kind's own. */
  readonly severity?: Severity;
  /** Not to be silenced by a maintenance window. */
  readonly insistent?: boolean;
}

/** What a rule may know of what already stands. */
export interface Standing {
  /** The phase of its own kind's open incident. */
  readonly phase: IncidentPhase | undefined;
  /** Kinds with an open incident. */
  readonly kinds: { has(kind: IncidentKind): boolean };
  /** Fault codes that stand and by the fault table mean just this kind. */
  readonly codes: readonly string[];
}

/** How long a kind's incidents live when nobody sees to them, s; see `options.ts`. */
export interface Life {
  readonly overSeconds: number;
  readonly reopenSeconds: number;
  readonly capSeconds: number;
}

/** One kind of incident. Pure: the same facts give the same verdict. */
export interface Rule {
  readonly kind: IncidentKind;
  readonly severity: Severity;
  life(options: IncidentOptions): Life;
  judge(facts: Facts, options: IncidentOptions, standing: Standing): Verdict;
}

export const UNKNOWN: Verdict = Object.freeze({ belief: 'unknown' });

export const none = (reason: Reason): NoneVerdict => ({ belief: 'none', reason });
