import type { Config } from './schema.ts';
import type { ConfigPath } from './yaml-source.ts';

interface Broken {
  readonly path: ConfigPath;
  readonly message: string;
}

/** What a schema cannot say about a whole configuration. */
export function configRules(config: Config): Broken[] {
  return [...repeatedIds(config)];
}

function repeatedIds(config: Config): Broken[] {
  const first = new Map<string, number>();
  return config.lifts.flatMap((lift, index) => {
    const earlier = first.get(lift.id);
    if (earlier === undefined) {
      first.set(lift.id, index);
      return [];
    }
    const message = `expected an id of its own, found "${lift.id}", which lifts[${earlier}] already has`;
    return [{ path: ['lifts', index, 'id'], message }];
  });
}
