import { stringify } from 'yaml';
import { describeExpected, type SchemaShape } from './schema-shape.ts';
import { type Group, type Leaf, walkGroups } from './walk-schema.ts';

const HEAD = `# Configuration reference

Generated from the schemas by \`npm run generate\`: to change a text, change the \`description\` in the
\`options.ts\` that owns the key.

One YAML file holds everything; \`config/example.yaml\` is a start. A text may hold \`\${NAME}\`, which is replaced by
the environment variable NAME (so that passwords need not stand in the file; \`$\${\` writes a plain \`\${\`).
\`cabinwatch config check FILE\` lists every mistake at once.
`;

/** The reference as Markdown: one table for each group of keys. */
export function renderReference(schema: SchemaShape): string {
  const groups = walkGroups(schema).filter((group) => group.leaves.length > 0 || group.schema.description);
  return [HEAD, ...groups.map(renderGroup)].join('\n');
}

function renderGroup(group: Group): string {
  const title = group.path === '' ? '## Top level' : `## \`${group.path}\``;
  const about = group.schema.description ? `\n${group.schema.description}\n` : '';
  if (group.leaves.length === 0) return `${title}\n${about}`;
  const rows = group.leaves.map(renderLeaf);
  return `${title}\n${about}\n| key | default | allowed | what it does |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function renderLeaf(leaf: Leaf): string {
  const { schema } = leaf;
  const allowed = schema.overrides ? `any key of \`${schema.overrides}\`` : describeExpected(schema);
  const cells = [`\`${leaf.key}\``, defaultOf(leaf), allowed, schema.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function defaultOf({ schema, required }: Leaf): string {
  if (schema.default === undefined) return required ? 'must be given' : 'none';
  const text = stringify(schema.default, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return `\`${text}\``;
}
