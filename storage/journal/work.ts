import type { AlarmMessage, AuditInput, IncidentChange, MediaItem } from '../../core/index.ts';

/** What must not be lost on its way to the database. Each is written there once, however often it is tried. */
export type Work =
  | {
      readonly kind: 'change';
      readonly change: IncidentChange;
      readonly message: AlarmMessage | undefined;
    }
  | { readonly kind: 'audit'; readonly key: string; readonly entry: AuditInput }
  | { readonly kind: 'media'; readonly item: MediaItem };

export const toLine = (work: Work): string => JSON.stringify(work);

/** Undefined for a line that is damaged. */
export function fromLine(line: string): Work | undefined {
  try {
    const work = JSON.parse(line) as Work;
    return ['change', 'audit', 'media'].includes(work.kind) ? work : undefined;
  } catch {
    return undefined;
  }
}
