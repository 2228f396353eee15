import type { ActiveView, EventView } from '../../api/index.ts';

export type Severity = 'alarm' | 'warning' | 'quiet';

const ALARMS: ReadonlySet<string> = new Set(['ebike', 'fall', 'motionless-person']);

/** How loudly a behaviour is shown. An unconfirmed e-bike is a warning; how many are inside is no alert at all. */
export function severityOf({ kind, evidence }: Pick<ActiveView | EventView, 'kind' | 'evidence'>): Severity {
  if (kind === 'occupancy') return 'quiet';
  if (kind === 'ebike' && (evidence.stage === 'warning' || evidence.stage === 'withdrawn')) return 'warning';
  return ALARMS.has(kind) ? 'alarm' : 'warning';
}

/** The key of the text that names it. */
export function titleOf({ kind, evidence }: Pick<ActiveView | EventView, 'kind' | 'evidence'>): string {
  return kind === 'ebike' && (evidence.stage === 'warning' || evidence.stage === 'withdrawn')
    ? 'ebikeWarning'
    : `kind.${kind}`;
}
