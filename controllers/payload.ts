import { CabinwatchError } from '../core/index.ts';
import type { ControlledLift, Intake } from './controlled-lift.ts';

/** What became of the messages of one `ingest`. */
export interface Ingested {
  readonly accepted: number;
  readonly duplicates: number;
  readonly outdated: number;
}

const MAX_LIST = 1000;
const decoder = new TextDecoder();

/** The messages of one payload; what is no JSON comes as an error. */
export function parsePayload(payload: Uint8Array): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(decoder.decode(payload));
    if (!Array.isArray(value)) return [value];
    return value.length > MAX_LIST ? [new Error(tooLong(value))] : value;
  } catch (error) {
    return [new Error(`expected JSON: ${(error as Error).message}`)];
  }
}

const tooLong = (list: readonly unknown[]): string =>
  `expected at most ${MAX_LIST} messages in a list, found ${list.length}`;

/** @throws CabinwatchError INPUT_INVALID, TOO_MANY; what came before in the list is taken */
export function ingestAll(
  lift: ControlledLift,
  body: unknown,
  receivedAt: number,
  note: (intake: Intake) => void,
): Ingested {
  const list = Array.isArray(body) ? body : [body];
  const counts = { accepted: 0, duplicates: 0, outdated: 0 };
  if (list.length > MAX_LIST) throw new CabinwatchError('INPUT_INVALID', tooLong(list));
  for (const [index, value] of list.entries()) {
    const intake = lift.take(value, receivedAt);
    note(intake);
    switch (intake.outcome) {
      case 'accepted':
        counts.accepted++;
        break;
      case 'duplicate':
        counts.duplicates++;
        break;
      case 'outdated':
        counts.outdated++;
        break;
      case 'limited':
        throw new CabinwatchError(
          'TOO_MANY',
          `Lift ${lift.id} sends more messages than it may; wait a little.`,
        );
      case 'rejected':
        throw new CabinwatchError('INPUT_INVALID', `${list === body ? `${index}: ` : ''}${intake.problem}`);
    }
  }
  return counts;
}
