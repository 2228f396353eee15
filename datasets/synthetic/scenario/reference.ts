import type { TSchema } from 'typebox';
import { ScenarioSchema } from './schema.ts';

/** A schema as JSON Schema has it: what TypeBox makes, read as plain data. */
interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Node | readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/** Tables of every key of a scenario file, in Markdown: docs/4-reference/datasets.md holds them. */
export function scenarioReference(): string {
  return section('', ScenarioSchema as TSchema as Node).join('\n');
}

function section(path: string, node: Node): string[] {
  const entries = Object.entries(node.properties ?? {});
  const lines = [`### ${path === '' ? 'The file' : `\`${path}\``}`, ''];
  lines.push('| key | value | default | what it does |', '|---|---|---|---|');
  for (const [key, child] of entries) lines.push(row(key, child, node.required?.includes(key) ?? false));
  const below = entries.flatMap(([key, child]) => {
    const inner = child.properties ? child : elementOf(child);
    const name = `${path === '' ? '' : `${path}.`}${key}${child.properties ? '' : '[]'}`;
    return inner?.properties ? ['', ...section(name, inner)] : [];
  });
  return [...lines, ...below];
}

function row(key: string, node: Node, required: boolean): string {
  const given = node.default === undefined ? (required ? 'required' : '') : `\`${show(node.default)}\``;
  const text = (node.description ?? '').replaceAll('|', '\\|');
  return `| \`${key}\` | ${kind(node)} | ${node.properties || elementOf(node)?.properties ? '' : given} | ${text} |`;
}

function kind(node: Node): string {
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.properties) return 'see below';
  if (node.type === 'array')
    return elementOf(node)?.properties
      ? 'a list, see below'
      : Array.isArray(node.items)
        ? 'a place'
        : 'a list';
  if (node.pattern) return `text like \`${node.pattern.replaceAll('|', '\\|')}\``;
  const from = node.minimum ?? node.exclusiveMinimum;
  const range = [
    from === undefined ? '' : `from ${from}`,
    node.maximum === undefined ? '' : `to ${node.maximum}`,
  ];
  const word = node.type === 'integer' ? 'whole number' : node.type === 'boolean' ? 'yes or no' : node.type;
  return [word === 'string' ? 'text' : word, ...range].filter((part) => part !== '').join(' ');
}

const elementOf = (node: Node): Node | undefined =>
  node.type === 'array' && node.items && !Array.isArray(node.items) ? (node.items as Node) : undefined;

const show = (value: unknown): string => (value === '' ? "''" : JSON.stringify(value));
