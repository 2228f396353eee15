import { Value } from 'typebox/value';
import { CAR_FIELDS, CabinwatchError } from '../../core/index.ts';
import { type FieldRule, MappingOptions } from './options.ts';
import { type ReadField, readers, UNLISTED } from './readers.ts';

export interface Mapped {
  /** In the documented form, still to be checked. */
  readonly message: Readonly<Record<string, unknown>>;
  /** The fields whose value is in no list: they are unknown. */
  readonly unlisted: readonly string[];
}

export type Mapping = (vendor: unknown) => Mapped;

export interface MappingProblem {
  readonly path: readonly string[];
  readonly message: string;
}

const ALL_LISTED: readonly string[] = Object.freeze([]);
const KEYS = ['ts', 'seq', 'id', ...CAR_FIELDS] as const;

/** What is wrong with a mapping beyond its schema: each field needs exactly one of `path` and `constant`. */
export function mappingProblems(mapping: MappingOptions): MappingProblem[] {
  const rules = Object.entries(mapping) as [string, FieldRule][];
  if (rules.length === 0)
    return [{ path: [], message: `expected at least one of ${KEYS.join(', ')}, found none` }];
  return rules.flatMap(([key, rule]) => {
    const given = (['path', 'constant'] as const).filter(
      (own) => (rule as Record<string, unknown>)[own] !== undefined,
    );
    if (given.length === 1) return [];
    const message = `expected exactly one of path and constant, found ${given.length === 0 ? 'none' : 'both'}`;
    return [{ path: [key], message }];
  });
}

/**
 * Makes a reader of one vendor's messages.
 * @param where how errors call it, as `controllers.mappings.acme`
 * @throws CabinwatchError CONFIG_INVALID with the path of the first bad key
 */
export function compileMapping(options: MappingOptions, where: string): Mapping {
  const [wrong] = Value.Errors(MappingOptions, options);
  if (wrong) {
    const path = [where, ...wrong.instancePath.split('/').filter(Boolean)].join('.');
    throw new CabinwatchError('CONFIG_INVALID', `${path}: ${wrong.message}`);
  }
  const [problem] = mappingProblems(options);
  if (problem)
    throw new CabinwatchError('CONFIG_INVALID', `${[where, ...problem.path].join('.')}: ${problem.message}`);
  const fields = KEYS.flatMap((key) => {
    const rule = options[key];
    return rule ? [{ key, read: readers[key](rule as never) as ReadField }] : [];
  });
  return (vendor) => {
    const message: Record<string, unknown> = {};
    let unlisted: string[] | undefined;
    for (const { key, read } of fields) {
      const value = read(vendor);
      if (value === undefined) continue;
      if (value === UNLISTED) {
        unlisted ??= [];
        unlisted.push(key);
        message[key] = null;
      } else message[key] = value;
    }
    return { message, unlisted: unlisted ?? ALL_LISTED };
  };
}
