import { readFile } from 'node:fs/promises';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parseDocument } from 'yaml';
import { CabinwatchError } from '../../core/index.ts';
import { type FaultTable, FaultTableSchema } from './fault-table.ts';

/** Tables that come with the service, by name. */
export const BUILT_IN_TABLES = Object.freeze(['generic', 'example-serial', 'example-numbered'] as const);

/**
 * Reads a table of causes from YAML.
 * @param name how errors call it
 * @throws CabinwatchError CONFIG_INVALID listing every mistake: where, what was expected, what was found
 */
export function loadFaultTable(text: string, name = 'fault table'): FaultTable {
  const document = parseDocument(text);
  const problems = document.errors.map((error) => error.message);
  const value: unknown = problems.length === 0 ? document.toJS() : undefined;
  if (problems.length === 0) problems.push(...schemaProblems(value));
  if (problems.length === 0) problems.push(...ruleProblems(value as FaultTable));
  if (problems.length > 0)
    throw new CabinwatchError('CONFIG_INVALID', [`${name}:`, ...problems.map((p) => `  ${p}`)].join('\n'));
  return value as FaultTable;
}

function schemaProblems(value: unknown): string[] {
  return [...Value.Errors(FaultTableSchema as TSchema, value)]
    .filter((error) => error.keyword !== 'anyOf' && error.keyword !== 'boolean')
    .map((error) => {
      const path = error.instancePath.split('/').slice(1);
      const place = path.join('.').replace(/\.(\d+)/g, '[$1]') || 'the table';
      return `${place}: expected ${expectedOf(error)}, found ${show(Value.Pointer.Get(value, error.instancePath))}`;
    });
}

function expectedOf(error: { keyword: string; message: string; params: object }): string {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required') return `the keys ${(params.requiredProperties as string[]).join(', ')}`;
  if (error.keyword === 'additionalProperties')
    return `no other keys than are known, not ${(params.additionalProperties as string[]).join(', ')}`;
  if (error.keyword === 'enum') return `one of ${(params.allowedValues as string[]).join(', ')}`;
  return error.message.replace(/^must (be|match|have|not have) /, (_, verb) =>
    verb === 'be' ? '' : `to ${verb} `,
  );
}

function show(found: unknown): string {
  if (found === undefined) return 'nothing';
  const text = JSON.stringify(found);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What a schema cannot say. */
function ruleProblems({ rows }: FaultTable): string[] {
  const seen = new Set<string>();
  return rows.flatMap((row, index) => {
    const problems: string[] = [];
    if (seen.has(row.id)) problems.push(`rows[${index}].id: expected an id used once, found ${row.id} again`);
    seen.add(row.id);
    if (!row.codes && !row.patterns)
      problems.push(`rows[${index}]: expected codes, patterns or both, found neither`);
    if (row.means && !row.codes) problems.push(`rows[${index}].means: expected codes beside it, found none`);
    return problems;
  });
}

/**
 * Tables by name or path, joined: of rows with the same id the first one counts.
 * @throws CabinwatchError INPUT_NOT_FOUND, CONFIG_INVALID
 */
export async function readFaultTables(names: readonly string[]): Promise<FaultTable> {
  const tables = await Promise.all(names.map(readTable));
  const seen = new Set<string>();
  const rows = tables.flatMap((table) => table.rows).filter(({ id }) => !seen.has(id) && seen.add(id));
  return { table: tables.map(({ table }) => table).join(' + '), rows };
}

async function readTable(name: string): Promise<FaultTable> {
  const isBuiltIn = (BUILT_IN_TABLES as readonly string[]).includes(name);
  const path = isBuiltIn ? new URL(`./${name}.yaml`, import.meta.url) : name;
  const text = await readFile(path, 'utf8').catch((cause) => {
    const known = BUILT_IN_TABLES.join(', ');
    const detail = `The fault table ${name} can't be read: ${cause.message}. Give a path, or one of ${known}.`;
    throw new CabinwatchError('INPUT_NOT_FOUND', detail, { cause });
  });
  return loadFaultTable(text, name);
}
