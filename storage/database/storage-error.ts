import { CabinwatchError } from '../../core/index.ts';

/** SQLSTATE classes that speak of what was asked, not of the database: data (22), integrity (23), grammar (42), raised (P0). */
const ABOUT_THE_QUESTION = /^(22|23|42|P0)/;

/** Whether the database refused this very question, so that asking again cannot help. */
export function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.length === 5 && ABOUT_THE_QUESTION.test(code);
}

export const isUniqueViolation = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === '23505';

/** Everything but a refusal means that the database is away, or as good as. */
export function toStorageError(error: unknown): unknown {
  if (error instanceof CabinwatchError || isRefusal(error)) return error;
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  return new CabinwatchError(
    'STORAGE_UNAVAILABLE',
    `The database does not take records: ${message || code || String(error)}`,
    { cause: error },
  );
}
