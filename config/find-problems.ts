import { closest, distance } from 'fastest-levenshtein';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describeExpected, recordValues, type SchemaShape } from './schema-shape.ts';
import type { ConfigPath } from './yaml-source.ts';

export interface SchemaProblem {
  readonly path: ConfigPath;
  readonly expected: string;
  /** Undefined: nothing is there. The caller renders it, since it may hold a secret. */
  readonly found: unknown;
  /** Set for a key nobody knows; the nearest known one, when one is near. */
  readonly unknownKey?: { readonly suggestion: string | undefined };
}

/**
 * Lists everything wrong with a value at once. TypeBox judges each leaf; the walk is ours because its own list
 * stops at a fixed number, reports every branch of a union, and knows no unknown key's neighbour.
 */
export function findProblems(schema: SchemaShape, value: unknown, path: ConfigPath = []): SchemaProblem[] {
  if (schema.anyOf) return unionProblems(schema, value, path);
  if (schema.type === 'object') return objectProblems(schema, value, path);
  if (schema.type === 'array') return arrayProblems(schema, value, path);
  return Value.Check(schema as TSchema, value) ? [] : [wrong(schema, value, path)];
}

function wrong(schema: SchemaShape, found: unknown, path: ConfigPath): SchemaProblem {
  return { path, expected: describeExpected(schema), found };
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectProblems(schema: SchemaShape, value: unknown, path: ConfigPath): SchemaProblem[] {
  if (!isGroup(value)) return [wrong(schema, value, path)];
  const known = schema.properties ?? {};
  const values = recordValues(schema);
  const problems: SchemaProblem[] = [];
  for (const [key, item] of Object.entries(value)) {
    const own = Object.hasOwn(known, key) ? known[key] : values;
    if (own) problems.push(...findProblems(own, item, [...path, key]));
    else problems.push(unknownKey(key, item, Object.keys(known), path));
  }
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key) && known[key]) problems.push(wrong(known[key], undefined, [...path, key]));
  }
  return problems;
}

function unknownKey(key: string, found: unknown, known: readonly string[], path: ConfigPath): SchemaProblem {
  const nearest = known.length > 0 ? closest(key, known) : undefined;
  const near =
    nearest !== undefined &&
    distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 3);
  return {
    path: [...path, key],
    expected: known.length > 0 ? `one of ${known.join(', ')}` : 'no key here',
    found,
    unknownKey: { suggestion: near ? nearest : undefined },
  };
}

function arrayProblems(schema: SchemaShape, value: unknown, path: ConfigPath): SchemaProblem[] {
  if (!Array.isArray(value)) return [wrong(schema, value, path)];
  const items = schema.items;
  const problems = items ? value.flatMap((item, index) => findProblems(items, item, [...path, index])) : [];
  if (problems.length === 0 && !Value.Check(schema as TSchema, value))
    problems.push(wrong(schema, value, path));
  return problems;
}

/** Of a union's branches, the one the writer meant is the one whose fixed keys (`kind: rtsp`) agree. */
function unionProblems(schema: SchemaShape, value: unknown, path: ConfigPath): SchemaProblem[] {
  const branches = schema.anyOf ?? [];
  const results = branches.map((branch) => ({ branch, problems: findProblems(branch, value, path) }));
  if (results.some((result) => result.problems.length === 0)) return [];
  const meant = results.filter((result) => agreesWithFixedKeys(result.branch, value));
  if (meant.length === 1 && meant[0]) return meant[0].problems;
  return [wrong(schema, value, path)];
}

function agreesWithFixedKeys(branch: SchemaShape, value: unknown): boolean {
  if (branch.type === 'array') return Array.isArray(value);
  if (branch.type !== 'object' || !isGroup(value)) return false;
  const fixed = Object.entries(branch.properties ?? {}).filter(([, own]) => own.const !== undefined);
  return fixed.every(([key, own]) => value[key] === own.const);
}
