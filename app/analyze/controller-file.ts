import { readFile } from 'node:fs/promises';
import { CabinwatchError } from '../../core/index.ts';

/**
 * Checks a file of controller messages, JSON lines with `t` in seconds, and counts them.
 * @throws CabinwatchError INPUT_NOT_FOUND, CONFIG_INVALID with the first bad line
 */
export async function countControllerMessages(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new CabinwatchError(
      'INPUT_NOT_FOUND',
      `The controller file ${path} can't be read: ${cause.message}`,
      { cause },
    );
  });
  const lines = text.split(/\r?\n/);
  let count = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (!hasTime(line)) {
      throw new CabinwatchError(
        'CONFIG_INVALID',
        `${path}, line ${index + 1}: expected a JSON object with a number "t" (seconds), found ${line.slice(0, 60)}`,
      );
    }
    count++;
  }
  return count;
}

function hasTime(line: string): boolean {
  try {
    const message: unknown = JSON.parse(line);
    return typeof (message as { t?: unknown } | null)?.t === 'number';
  } catch {
    return false;
  }
}
