import { CabinwatchError } from '../../core/index.ts';
import { compileMapping, type Mapping } from './compile-mapping.ts';
import type { MappingOptions } from './options.ts';

/**
 * Finds a lift's mapping by its name, or makes one of its own.
 * @throws CabinwatchError CONFIG_INVALID naming the key: for the named ones at once, for a lift's own when it is asked for
 */
export function createMappings(
  named: Readonly<Record<string, MappingOptions>>,
): (wanted: string | MappingOptions | undefined, where: string) => Mapping | undefined {
  const mappings = new Map(
    Object.entries(named).map(([name, options]) => [
      name,
      compileMapping(options, `controllers.mappings.${name}`),
    ]),
  );
  return (wanted, where) => {
    if (wanted === undefined) return undefined;
    if (typeof wanted !== 'string') return compileMapping(wanted, where);
    const mapping = mappings.get(wanted);
    if (mapping) return mapping;
    const names = mappings.size > 0 ? [...mappings.keys()].join(', ') : 'none';
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `${where}: expected the name of one of controllers.mappings (${names}), found "${wanted}"`,
    );
  };
}
