import type { CauseReading, IncidentKind } from '../../core/index.ts';
import type { Facts } from '../facts/facts.ts';
import type { FaultRow, FaultTable } from './fault-table.ts';
import { PATTERNS } from './patterns.ts';

/** More would be no first reading. */
const MOST = 3;

/**
 * A first reading of what may be the matter: rows of which a code stands and the timeline fits. Likely ones come first, of
 * the same likelihood those that a code speaks for; otherwise in the table's order.
 */
export function readCauses(table: FaultTable, facts: Facts, kind: IncidentKind): CauseReading[] {
  const codes = facts.car?.faults?.codes ?? [];
  const weight = (row: FaultRow): number => (row.likelihood === 'likely' ? 2 : 0) + (row.codes ? 1 : 0);
  return table.rows
    .filter((row) => fits(row, codes, facts, kind))
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, MOST)
    .map(({ id, cause, likelihood, advice }) => ({ id, words: cause, likelihood, advice }));
}

function fits(row: FaultRow, codes: readonly string[], facts: Facts, kind: IncidentKind): boolean {
  if (row.kinds && !row.kinds.includes(kind)) return false;
  if (row.codes && !codes.some((code) => speaksFor(row, code))) return false;
  return (row.patterns ?? []).every((pattern) => PATTERNS[pattern](facts));
}

function speaksFor(row: FaultRow, code: string): boolean {
  const said = code.toLowerCase();
  return (row.codes ?? []).some((own) => {
    const meant = own.toLowerCase();
    return meant.endsWith('*') ? said.startsWith(meant.slice(0, -1)) : said === meant;
  });
}

/** Codes that stand and by the table mean an incident of this kind. */
export function codesMeaning(table: FaultTable, facts: Facts, kind: IncidentKind): string[] {
  const codes = facts.car?.faults?.codes;
  if (!codes) return [];
  const rows = table.rows.filter((row) => row.means === kind);
  return codes.filter((code) => rows.some((row) => speaksFor(row, code)));
}
