import type { BehaviourEvent } from '../../core/index.ts';

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
