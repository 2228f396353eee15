import type { CabinHelp, IncidentNote } from '../../core/index.ts';

/**
 * How an operator tells a cabin that help is on its way: a note on the incident, so that it is in the record and everybody
 * sees it. It begins with `ETA`, with the minutes where they are known: `ETA 12 min`, `ETA`.
 */
const PATTERN = /^\s*ETA\b\s*[:：]?\s*(?:(\d{1,3})\s*(?:min|minutes|分钟|分)?(?![\d.]))?/i;

/** What the latest such note says; undefined where there is none. */
export function readHelp(notes: readonly IncidentNote[]): CabinHelp | undefined {
  const note = notes.findLast(({ text }) => PATTERN.test(text));
  if (!note) return undefined;
  const minutes = PATTERN.exec(note.text)?.[1];
  return {
    saidAt: note.at,
    ...(minutes !== undefined && { arrivesAt: note.at + Number(minutes) * 60_000 }),
  };
}
