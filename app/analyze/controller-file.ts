import { readFile } from 'node:fs/promises';
import { type FileMessage, readControllerFile } from '../../controllers/index.ts';
import { CabinwatchError } from '../../core/index.ts';

/**
 * The messages of a controller file, JSON lines with `t` in seconds, in order of arrival.
 * @throws CabinwatchError INPUT_NOT_FOUND, CONFIG_INVALID with the first bad line
 */
export async function readControllerMessages(path: string): Promise<FileMessage[]> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new CabinwatchError(
      'INPUT_NOT_FOUND',
      `The controller file ${path} can't be read: ${cause.message}`,
      { cause },
    );
  });
  return readControllerFile(text, path);
}
