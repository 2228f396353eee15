import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parseDocument } from 'yaml';
import { CabinwatchError } from '../../core/index.ts';
import { CALMING_PHASES, CalmingMessage } from './script.ts';

const BUILT_IN = fileURLToPath(new URL('./messages/calming.yaml', import.meta.url));
const Messages = Type.Array(CalmingMessage, { minItems: 1 });

/**
 * @param file default: the messages that come with the service
 * @throws CabinwatchError CONFIG_INVALID listing every mistake
 */
export async function loadCalmingMessages(file = BUILT_IN): Promise<CalmingMessage[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new CabinwatchError('CONFIG_INVALID', `The calming messages ${file} cannot be read.`, { cause });
  }
  const document = parseDocument(text);
  const value: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  const problems = document.errors.map(({ message }) => message);
  if (problems.length === 0)
    problems.push(
      ...[...Value.Errors(Messages, value)].map(
        ({ instancePath, message }) => `${instancePath || 'the file'}: ${message}`,
      ),
    );
  if (problems.length === 0) problems.push(...contentProblems(value as Static<typeof Messages>));
  if (problems.length > 0)
    throw new CabinwatchError('CONFIG_INVALID', [`${file}:`, ...problems.map((p) => `  ${p}`)].join('\n'));
  return value as CalmingMessage[];
}

/** In every phase something must be left to say, whatever else is known. */
const FEWEST = 4;

function contentProblems(messages: readonly CalmingMessage[]): string[] {
  const ids = messages.map(({ id }) => id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `${id}: the id is taken already`);
  const quiet = CALMING_PHASES.filter(
    (phase) => messages.filter(({ when, needs }) => !needs && when.includes(phase)).length < FEWEST,
  ).map(
    (phase) =>
      `${phase}: expected at least ${FEWEST} messages that need nothing, so that none repeats at once`,
  );
  const unspoken = messages.flatMap(({ id, needs, zh, en, say }) => {
    const heard = `${say?.zh ?? zh}${say?.en ?? en}`;
    const known = needs === 'minutes' ? heard.replaceAll('{minutes}', '') : heard;
    return known.includes('{') ? [`${id}: needs a \`say\` without {time}, which no recording can know`] : [];
  });
  return [...twice, ...quiet, ...unspoken];
}
