import type { ConfigPath } from './yaml-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface MissingVariable {
  readonly path: ConfigPath;
  readonly name: string;
}

/** `${NAME}`; `$${` stands for a literal `${`. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Puts environment variables into every text of a configuration, so that secrets need not stand in the file.
 * Returns a new value; the texts stay texts, whatever the variable holds.
 */
export function substituteEnvironment(
  value: unknown,
  environment: Environment,
): { value: unknown; missing: MissingVariable[] } {
  const missing: MissingVariable[] = [];
  const walk = (node: unknown, path: ConfigPath): unknown => {
    if (typeof node === 'string') {
      return node.replace(REFERENCE, (match, name: string | undefined) => {
        if (name === undefined) return '${';
        const found = environment[name];
        if (found === undefined || found === '') missing.push({ path, name });
        return found ?? match;
      });
    }
    if (Array.isArray(node)) return node.map((item, index) => walk(item, [...path, index]));
    if (typeof node === 'object' && node !== null) {
      return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]));
    }
    return node;
  };
  return { value: walk(value, []), missing };
}
