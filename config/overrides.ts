import type { TSchema } from 'typebox';
import { type SchemaShape, shapeOf } from './schema-shape.ts';

/**
 * The same keys with the same bounds, but none required and none with a default: what one lift may say about the
 * section `name` in place of the general word.
 */
export function overridesOf(name: string, schema: TSchema): TSchema {
  const description = `Any part of \`${name}\`, for this lift only.`;
  return { ...(optional(shapeOf(schema)) as TSchema), description, overrides: name };
}

function optional(schema: SchemaShape): SchemaShape {
  const { default: _default, required: _required, ...rest } = schema;
  if (!schema.properties) return rest;
  const properties = Object.entries(schema.properties).map(([key, own]) => [key, optional(own)]);
  return { ...rest, properties: Object.fromEntries(properties) as Record<string, SchemaShape> };
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `general` with every key that `own` sets replaced; groups and maps are merged, lists replaced. */
export function mergeOverrides<T>(general: T, own: unknown): T {
  if (!isPlain(general) || !isPlain(own)) return structuredClone((own ?? general) as T);
  const keys = new Set([...Object.keys(general), ...Object.keys(own)]);
  const merged = [...keys].map((key) => [key, mergeOverrides(general[key], own[key])]);
  return Object.fromEntries(merged) as T;
}
