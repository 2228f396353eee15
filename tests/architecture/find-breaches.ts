import { posix } from 'node:path';
import { isTest, layerBreach, MODULES } from './layers.ts';
import { PACKAGE_RULES, packageBreach } from './packages.ts';
import { readImports, type SourceImport } from './source-imports.ts';

/** The text of each source by its path from the root, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** Each breach of the house's rules about imports as `file:line: why`. */
export function findBreaches(sources: Sources): string[] {
  const breaches: string[] = [];
  const loads = new Map<string, string[]>();
  for (const [file, text] of sources) {
    const imports = readImports(file, text);
    for (const found of imports) {
      const why = importBreach(file, found, sources) ?? packageBreach(file, found);
      if (why) breaches.push(`${file}:${found.line}: ${why}`);
    }
    const eager = imports.filter((found) => !found.dynamic && !found.typeOnly);
    loads.set(
      file,
      eager.flatMap((found) => resolve(file, found.specifier) ?? []),
    );
  }
  return [...breaches, ...sharedAdapters(sources), ...findCycles(loads)];
}

const resolve = (file: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;

function importBreach(file: string, found: SourceImport, sources: Sources): string | undefined {
  const target = resolve(file, found.specifier);
  if (target === undefined) return undefined;
  if (target.startsWith('..')) return `${found.specifier} is outside the project`;
  if (target.endsWith('.ts') && !sources.has(target)) return `${found.specifier} does not exist`;
  const [from, to] = [file.split('/')[0] ?? '', target.split('/')[0] ?? ''];
  if (from === to || !target.includes('/')) return undefined;
  const why = layerBreach(file, to, found.typeOnly);
  if (why) return why;
  const throughFront = target === `${to}/index.ts` || !MODULES.includes(to);
  return throughFront ? undefined : `${target} is inside ${to}/; import it from ${to}/index.ts`;
}

/** fluent-ffmpeg is wrapped once: its one adapter is the place to exchange it. */
function sharedAdapters(sources: Sources): string[] {
  const single = PACKAGE_RULES.filter((rule) => !rule.lazy);
  return single.flatMap(({ name }) => {
    const users = [...sources].filter(([file, text]) => {
      return (
        !isTest(file) &&
        readImports(file, text).some((found) => name.test(found.specifier) && !found.typeOnly)
      );
    });
    const files = users.map(([file]) => file);
    return files.length > 1 ? [`${files.join(', ')}: only one file may import ${name.source}`] : [];
  });
}

/** Each ring of files that load one another, once, beginning with its alphabetically first file. */
export function findCycles(loads: ReadonlyMap<string, readonly string[]>): string[] {
  const rings = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      const ring = trail.slice(at);
      const first = ring.indexOf([...ring].sort()[0] as string);
      rings.add([...ring.slice(first), ...ring.slice(0, first), ring[first]].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of loads.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of loads.keys()) visit(file, []);
  return [...rings].map((ring) => `import cycle: ${ring}`);
}
