import { CabinwatchError } from '../core/index.ts';
import { type CheckedMessage, readMessage, show } from './message.ts';

/** One line of a controller file. */
export interface FileMessage {
  /** When it was said, s from the start. */
  readonly t: number;
  /** When it arrived, s from the start; never before `t`. */
  readonly received: number;
  /** Its `ts` is `t` in ms, so that the order in which it was said is kept. */
  readonly message: CheckedMessage;
}

/**
 * Reads a file of controller messages: JSON lines, each the documented message with `t` and, where it came late,
 * `received`, both in seconds from the start. They come back in order of arrival.
 * @param name how errors call the file
 * @throws CabinwatchError CONFIG_INVALID naming the first bad line, what was expected and what was found
 */
export function readControllerFile(text: string, name = 'controller file'): FileMessage[] {
  const messages = text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const fail = (detail: string): never => {
      throw new CabinwatchError('CONFIG_INVALID', `${name}, line ${index + 1}: ${detail}`);
    };
    return [readLine(line, fail)];
  });
  return messages.sort((a, b) => a.received - b.received);
}

function readLine(line: string, fail: (detail: string) => never): FileMessage {
  const value = parse(line) as { t?: unknown; received?: unknown } | undefined;
  const found = line.length > 60 ? `${line.slice(0, 57)}...` : line;
  if (typeof value !== 'object' || value === null || typeof value.t !== 'number' || !(value.t >= 0))
    return fail(`expected a JSON object with a number "t" (seconds), found ${found}`);
  const { t, received = t, ...rest } = value;
  if (typeof received !== 'number' || received < t)
    return fail(`received: expected a number (seconds) not before "t", found ${show(received)}`);
  const read = readMessage({ ...rest, ts: Math.round(t * 1000) });
  return 'problem' in read ? fail(read.problem) : { t, received, message: read.message };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
