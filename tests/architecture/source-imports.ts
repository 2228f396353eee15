import { parseSync } from 'oxc-parser';

export interface SourceImport {
  readonly specifier: string;
  readonly line: number;
  /** Vanishes when the types are stripped. */
  readonly typeOnly: boolean;
  /** `import('…')`: loaded when it is reached, not when the file is. */
  readonly dynamic: boolean;
}

/** Every import, re-export and `import()` of one TypeScript source; an `import()` of a computed name is skipped. */
export function readImports(file: string, text: string): SourceImport[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]?.message}`);
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const statics = module.staticImports.map((found) => ({
    specifier: found.moduleRequest.value,
    line: lineOf(found.start),
    typeOnly: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
    dynamic: false,
  }));
  const reexports = module.staticExports.flatMap((found) => {
    const sources = found.entries.filter((entry) => entry.moduleRequest !== null);
    const specifier = sources[0]?.moduleRequest?.value;
    if (specifier === undefined) return [];
    const typeOnly = sources.every((entry) => entry.isType);
    return [{ specifier, line: lineOf(found.start), typeOnly, dynamic: false }];
  });
  const dynamics = module.dynamicImports.flatMap((found) => {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(
      text.slice(found.moduleRequest.start, found.moduleRequest.end).trim(),
    );
    const specifier = literal?.[2];
    return specifier === undefined
      ? []
      : [{ specifier, line: lineOf(found.start), typeOnly: false, dynamic: true }];
  });
  return [...statics, ...reexports, ...dynamics];
}
