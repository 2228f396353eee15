import type { BehaviourEvent, IncidentChange, IncidentKind, IncidentPhase, Words } from '../../core/index.ts';

/** A line of `cabinwatch analyze`; `t` is in seconds from the video's start. */
export type AnalysisLine =
  | { readonly type: 'occupancy'; readonly t: number; readonly count: number }
  | {
      readonly type: 'behaviour';
      readonly kind: string;
      readonly phase: string;
      readonly t: number;
      readonly startedAt: number;
      readonly confidence: number;
      readonly evidence: BehaviourEvent['evidence'];
    }
  | {
      readonly type: 'incident';
      readonly kind: IncidentKind;
      readonly phase: IncidentPhase;
      readonly t: number;
      /** Null while it was never known. */
      readonly people: number | null;
      readonly why: string;
    }
  | {
      readonly type: 'summary';
      readonly frames: number;
      readonly inferences: number;
      readonly mediaSeconds: number;
      readonly wallSeconds: number;
    };

/** Three decimals: below a frame's duration, and the same bytes on every machine. */
export const seconds = (ms: number): number => Math.round(ms) / 1000;

const round3 = (value: number): number => Math.round(value * 1000) / 1000;

/** One behaviour event as a line; occupancy has its own short form. */
export function eventLine(event: BehaviourEvent): AnalysisLine {
  if (event.kind === 'occupancy') {
    return { type: 'occupancy', t: seconds(event.ts), count: Number(event.evidence.count) };
  }
  return {
    type: 'behaviour',
    kind: event.kind,
    phase: event.phase,
    t: seconds(event.ts),
    startedAt: seconds(event.startedAt),
    confidence: round3(event.confidence),
    evidence: event.evidence,
  };
}

/** The steps of an incident's life as lines; what only adds to what is known of it has none. */
export function incidentLines(changes: readonly IncidentChange[], language: keyof Words): AnalysisLine[] {
  return changes
    .filter(({ change }) => change !== 'updated' && change !== 'noted')
    .map(({ at, incident }) => ({
      type: 'incident',
      kind: incident.kind,
      phase: incident.phase,
      t: seconds(at),
      people: incident.people ?? null,
      why: whyNow(incident, language),
    }));
}

/** Of an incident that is over, why that is so. */
function whyNow({ phase, why, evidence }: IncidentChange['incident'], language: keyof Words): string {
  const isOver = phase === 'relieved' || phase === 'closed';
  return (isOver ? (evidence.at(-1)?.words ?? why) : why)[language];
}
