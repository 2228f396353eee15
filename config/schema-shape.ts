import type { TSchema } from 'typebox';

/** The JSON-schema facets that the composed options use; TypeBox types are plain objects of this shape. */
export interface SchemaShape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaShape>>;
  readonly required?: readonly string[];
  readonly items?: SchemaShape;
  readonly patternProperties?: Readonly<Record<string, SchemaShape>>;
  readonly additionalProperties?: SchemaShape | boolean;
  readonly anyOf?: readonly SchemaShape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  /** What a text must look like, in words, where a pattern alone says too little. */
  readonly expected?: string;
  /** It takes any part of the section with this name, for one lift; not spelled out again in the reference. */
  readonly overrides?: string;
}

export const shapeOf = (schema: TSchema): SchemaShape => schema as SchemaShape;

/** The schema of a map's values, for maps with free keys. */
export function recordValues(schema: SchemaShape): SchemaShape | undefined {
  const byPattern = Object.values(schema.patternProperties ?? {})[0];
  if (byPattern) return byPattern;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** What is expected, in words: "a whole number from 1 to 5", "tcp or udp", "a list of texts". */
export function describeExpected(schema: SchemaShape): string {
  if (schema.expected) return schema.expected;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return oneOf(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.anyOf) return oneOf([...new Set(schema.anyOf.map(describeExpected))]);
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return `a text${length(schema)}${schema.pattern ? ` of the form ${schema.pattern}` : ''}`;
    case 'array':
      return `a list${listOf(schema.items)}${items(schema)}`;
    case 'object':
      return schema.properties ? `a group of keys (${Object.keys(schema.properties).join(', ')})` : 'a map';
    case 'null':
      return 'nothing (null)';
    default:
      return 'anything';
  }
}

function oneOf(choices: readonly string[]): string {
  return choices.length < 2
    ? (choices[0] ?? 'nothing')
    : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

/** What is in a list; of groups and unions of groups the reference tells under their own headings. */
function listOf(item: SchemaShape | undefined): string {
  if (!item || item.type === 'object' || item.anyOf) return '';
  return `, each ${describeExpected(item)}`;
}

function range(schema: SchemaShape): string {
  const from = schema.minimum ?? schema.exclusiveMinimum;
  const to = schema.maximum ?? schema.exclusiveMaximum;
  const above = schema.minimum === undefined && schema.exclusiveMinimum !== undefined;
  if (from !== undefined && to !== undefined)
    return above ? ` above ${from} and up to ${to}` : ` from ${from} to ${to}`;
  if (from !== undefined) return above ? ` above ${from}` : ` of at least ${from}`;
  return to === undefined ? '' : ` of at most ${to}`;
}

function length(schema: SchemaShape): string {
  if (schema.maxLength !== undefined) return ` of ${schema.minLength ?? 0} to ${schema.maxLength} characters`;
  if (schema.minLength === 1) return ' that is not empty';
  return schema.minLength === undefined ? '' : ` of at least ${schema.minLength} characters`;
}

function items(schema: SchemaShape): string {
  const parts: string[] = [];
  if (schema.minItems !== undefined) parts.push(`at least ${schema.minItems}`);
  if (schema.maxItems !== undefined) parts.push(`at most ${schema.maxItems}`);
  if (schema.uniqueItems) parts.push('each once');
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}
