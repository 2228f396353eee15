import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError, redactUrls } from '../core/index.ts';
import { type DeepReadonly, deepFreeze } from './deep-freeze.ts';
import { type Environment, substituteEnvironment } from './environment.ts';
import { findProblems, type SchemaProblem } from './find-problems.ts';
import { shapeOf } from './schema-shape.ts';
import {
  type ConfigPath,
  type ConfigProblem,
  formatPath,
  parseYaml,
  type YamlSource,
} from './yaml-source.ts';

export interface ReadOptions<T> {
  readonly environment: Environment;
  /** What a schema cannot say: duplicate ids, keys that exclude each other. Runs on a value that fits the schema. */
  readonly rules?: (value: T) => readonly { path: ConfigPath; message: string }[];
}

export type ReadResult<T> =
  | { readonly value: DeepReadonly<T>; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly ConfigProblem[] };

/** Parses, puts environment variables in, fills in defaults, checks and freezes; lists every mistake at once. */
export function readYaml<S extends TSchema>(
  schema: S,
  text: string,
  options: ReadOptions<Static<S>>,
): ReadResult<Static<S>> {
  const source = parseYaml(text);
  if (source.problems.length > 0) return { value: undefined, problems: source.problems };
  const written = withoutNulls(source.value);
  const { value: substituted, missing } = substituteEnvironment(written, options.environment);
  const value = Value.Default(schema, substituted);
  const unset = new Set(missing.map((variable) => formatPath(variable.path)));
  const problems = [
    ...missing.map((variable) => ({
      path: variable.path,
      line: source.line(variable.path),
      message: `needs the environment variable ${variable.name}, which is not set`,
    })),
    // A text whose variable is missing is reported once, not again for not fitting the schema.
    ...findProblems(shapeOf(schema), value)
      .filter((problem) => !unset.has(formatPath(problem.path)))
      .map((problem) => explain(problem, source, written)),
  ];
  if (problems.length === 0) {
    for (const broken of options.rules?.(value as Static<S>) ?? []) {
      problems.push({ ...broken, line: source.line(broken.path) });
    }
  }
  if (problems.length === 0) return { value: deepFreeze(value as Static<S>), problems: [] };
  return { value: undefined, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** A key with nothing behind it is a key that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(present.map(([key, item]) => [key, withoutNulls(item)]));
}

function explain(problem: SchemaProblem, source: YamlSource, written: unknown): ConfigProblem {
  const place = { path: problem.path, line: source.line(problem.path) };
  if (problem.unknownKey) {
    const { suggestion } = problem.unknownKey;
    const hint = suggestion ? `did you mean "${suggestion}"?` : `expected ${problem.expected}`;
    return { ...place, message: `is not a key known here; ${hint}` };
  }
  // What was written is shown, not what the environment made of it: that may be a secret.
  return {
    ...place,
    message: `expected ${problem.expected}, found ${show(at(written, problem.path), problem.path)}`,
  };
}

function at(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (node, step) => (node as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}

const SECRET_KEY = /pass(word)?|secret|token|credential|key$/i;
const SHOWN = 60;

function show(value: unknown, path: ConfigPath): string {
  if (value === undefined) return 'nothing';
  if (path.some((step) => typeof step === 'string' && SECRET_KEY.test(step)))
    return 'something else (hidden)';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `a group of keys (${Object.keys(value ?? {}).join(', ')})`;
  const written = JSON.stringify(value);
  const text = redactUrls(written);
  if (text === written && written.includes('@')) return 'something else (hidden: it may hold a password)';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** `line 12, lifts[0].camera.url: expected …, found …` */
export function formatProblem(problem: ConfigProblem): string {
  const line = problem.line === undefined ? '' : `line ${problem.line}`;
  const path = formatPath(problem.path);
  const place = [line, path].filter((part) => part !== '').join(', ');
  return place === '' ? problem.message : `${place}: ${problem.message}`;
}

export function configError(file: string, problems: readonly ConfigProblem[]): CabinwatchError {
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
  const lines = problems.map((problem) => `  ${formatProblem(problem)}`);
  return new CabinwatchError('CONFIG_INVALID', [`${file} has ${count}:`, ...lines].join('\n'));
}
