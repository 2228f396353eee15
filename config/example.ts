import { stringify } from 'yaml';
import { describeExpected, type SchemaShape } from './schema-shape.ts';

const WIDTH = 108;

/**
 * The example file: `head`, which is live, and after it each section that the head does not hold, commented out,
 * with every default and what it does. Taking the comment marks of a section away changes nothing.
 */
export function renderExample(schema: SchemaShape, head: string): string {
  const sections = Object.entries(schema.properties ?? {}).filter(
    ([key]) => !new RegExp(`^${key}:`, 'm').test(head),
  );
  const texts = sections.map(([key, section]) => renderSection(key, section, '').join('\n'));
  return `${[head.trim(), ...texts].join('\n\n')}\n`;
}

function renderSection(key: string, schema: SchemaShape, indent: string): string[] {
  const children = Object.entries(schema.properties ?? {});
  const about = comment(schema.description, indent);
  if (children.length === 0) return [...about, ...renderValue(key, schema, indent)];
  return [
    ...about,
    `#${indent}${key}:`,
    ...children.flatMap(([name, own]) => renderSection(name, own, `${indent}  `)),
  ];
}

/** A default is written as a line to be uncommented; a key without one only as its name and what fits. */
function renderValue(key: string, schema: SchemaShape, indent: string): string[] {
  if (schema.default === undefined) return [`## ${indent}${key}: (${describeExpected(schema)}; not set)`];
  const value = stringify(schema.default, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return [`#${indent}${key}: ${value}`];
}

/** Two marks, so that uncommenting a section by its single marks leaves the explanations comments. */
function comment(text: string | undefined, indent: string): string[] {
  if (!text) return [];
  const lead = `## ${indent}`;
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || lead.length + last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => lead + line);
}
