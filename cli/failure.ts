import { CabinwatchError, type ErrorCode, redactUrls } from '../core/index.ts';

export interface Failure {
  readonly text: string;
  readonly exitCode: 1 | 2;
}

/** What the person at the keyboard has to change: their file, their configuration or their call. */
const THEIRS: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'INPUT_NOT_FOUND',
  'INPUT_EMPTY',
  'INPUT_NOT_VIDEO',
  'INPUT_TRUNCATED',
]);

/** One line for a person; with `verbose` the stack of the error and of everything that caused it. */
export function explainFailure(error: unknown, verbose: boolean): Failure {
  const exitCode = error instanceof CabinwatchError && THEIRS.has(error.code) ? 2 : 1;
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof CabinwatchError;
  const line = known
    ? `cabinwatch: ${message}`
    : `cabinwatch: unexpected failure: ${firstLine(message)} (--verbose shows where)`;
  return { text: redactUrls(verbose ? `${line}\n${stackOf(error)}` : line), exitCode };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

function stackOf(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error; e !== undefined && parts.length < 10; ) {
    parts.push(e instanceof Error ? (e.stack ?? e.message) : String(e));
    e = e instanceof Error ? e.cause : undefined;
  }
  return parts.join('\ncaused by: ');
}
