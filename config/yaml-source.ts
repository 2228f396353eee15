import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

/** Where something stands in the configuration: keys and list positions from the root. */
export type ConfigPath = readonly (string | number)[];

export interface ConfigProblem {
  readonly path: ConfigPath;
  /** 1-based; undefined when the file has nothing at the path that could be pointed at. */
  readonly line: number | undefined;
  readonly message: string;
}

/** A parsed YAML text that remembers where each value stood. */
export interface YamlSource {
  readonly value: unknown;
  /** Syntax errors; the value is unusable when there are any. */
  readonly problems: readonly ConfigProblem[];
  /** The line of the key at `path`, or of the nearest thing above it that exists. */
  line(path: ConfigPath): number | undefined;
}

/** An alias may multiply what it points at only this often, so that a small file cannot fill the memory. */
const MAX_ALIASES = 100;

export function parseYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number | undefined): number | undefined =>
    offset === undefined ? undefined : lines.linePos(offset).line;
  const problems = document.errors.map((error) => ({
    path: [],
    line: lineAt(error.pos[0]),
    message: `is no valid YAML: ${error.message}`,
  }));
  const line = (path: ConfigPath): number | undefined => {
    let node: unknown = document.contents;
    // What nothing in the file leads to has no line.
    let offset = path.length === 0 && isNode(node) ? node.range?.[0] : undefined;
    for (const step of path) {
      const found = child(node, step);
      if (!found) break;
      offset = found.offset ?? offset;
      node = found.node;
    }
    return lineAt(offset);
  };
  if (problems.length > 0) return { value: undefined, problems, line };
  return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}, problems, line };
}

/** The value under one key or list position, and where its key (for a list, the item) begins. */
function child(
  node: unknown,
  step: string | number,
): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === step);
    if (!pair) return undefined;
    return { node: pair.value, offset: (pair.key as Node).range?.[0] };
  }
  if (isNode(node) && 'items' in node && typeof step === 'number') {
    const item = (node.items as unknown[])[step];
    return isNode(item) ? { node: item, offset: item.range?.[0] } : undefined;
  }
  return undefined;
}

/** `lifts[2].camera.url` */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
