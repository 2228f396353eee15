import { recordValues, type SchemaShape } from './schema-shape.ts';

export interface Leaf {
  readonly key: string;
  readonly schema: SchemaShape;
  readonly required: boolean;
}

/** Keys that belong together: what stands under one heading of the reference. */
export interface Group {
  /** `streams.health`, `lifts[].camera`, `inference.ebike.labels.NAME` */
  readonly path: string;
  readonly schema: SchemaShape;
  readonly leaves: readonly Leaf[];
}

/** The groups of a schema in the order in which they are written, each before the groups inside it. */
export function walkGroups(schema: SchemaShape, path = ''): Group[] {
  const entries = Object.entries(schema.properties ?? {});
  const leaves: Leaf[] = [];
  const inner: Group[] = [];
  for (const [key, own] of entries) {
    const below = groupsBelow(own, path === '' ? key : `${path}.${key}`);
    inner.push(...below);
    const isLeaf = below.length === 0 || own.type !== 'object' || !own.properties;
    if (isLeaf)
      leaves.push({
        key,
        schema: own,
        required: schema.required?.includes(key) === true && own.default === undefined,
      });
  }
  return [{ path, schema, leaves }, ...inner];
}

function groupsBelow(schema: SchemaShape, path: string): Group[] {
  if (schema.overrides) return [];
  if (schema.type === 'object' && schema.properties) return walkGroups(schema, path);
  if (schema.type === 'array' && schema.items) return groupsBelow(schema.items, `${path}[]`);
  const values = schema.type === 'object' ? recordValues(schema) : undefined;
  if (values) return groupsBelow(values, `${path}.NAME`);
  return (schema.anyOf ?? []).flatMap((branch) => groupsBelow(branch, `${path}${fixedKeys(branch)}`));
}

/** Of a union's branch: ` (kind: rtsp)`. */
function fixedKeys(branch: SchemaShape): string {
  const fixed = Object.entries(branch.properties ?? {}).filter(([, own]) => own.const !== undefined);
  return fixed.length === 0
    ? ''
    : ` (${fixed.map(([key, own]) => `${key}: ${String(own.const)}`).join(', ')})`;
}
