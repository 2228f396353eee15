import { mappingProblems } from '../controllers/index.ts';
import type { Config, Lift } from './schema.ts';
import type { ConfigPath } from './yaml-source.ts';

interface Broken {
  readonly path: ConfigPath;
  readonly message: string;
}

/** What a schema cannot say about a whole configuration. */
export function configRules(config: Config): Broken[] {
  return [
    ...repeatedIds(config),
    ...config.lifts.flatMap((lift, index) => within(['lifts', index], liftRules(lift))),
    ...config.lifts.flatMap((lift, index) => within(['lifts', index], readableMapping(lift, config))),
    ...Object.entries(config.controllers.mappings).flatMap(([name, mapping]) =>
      within(['controllers', 'mappings', name], mappingProblems(mapping)),
    ),
    ...samePorts(config),
  ];
}

/** What a schema cannot say about one lift by itself. */
export function liftRules({ camera }: Lift): Broken[] {
  return cameraOrigin(camera);
}

const within = (path: ConfigPath, broken: readonly Broken[]): Broken[] =>
  broken.map((one) => ({ ...one, path: [...path, ...one.path] }));

function readableMapping({ controller }: Lift, { controllers }: Config): Broken[] {
  const mapping = controller?.mapping;
  const path = ['controller', 'mapping'];
  if (mapping === undefined) return [];
  if (typeof mapping !== 'string') return within(path, mappingProblems(mapping));
  const known = Object.keys(controllers.mappings);
  if (known.includes(mapping)) return [];
  return [
    {
      path,
      message: `expected one of controllers.mappings (${known.join(', ') || 'none'}), found "${mapping}"`,
    },
  ];
}

const ORIGINS = ['url', 'publishKey', 'file'] as const;
const SCHEME = /^(rtsps?|rtmps?|https?):\/\/[^/]/;

function cameraOrigin(camera: Lift['camera']): Broken[] {
  const path = ['camera'];
  const given = ORIGINS.filter((key) => camera[key] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none of them' : given.join(' and ');
    return [{ path, message: `expected exactly one of ${ORIGINS.join(', ')}, found ${found}` }];
  }
  if (camera.url === undefined || SCHEME.test(camera.url)) return [];
  // The address itself is not shown: a password may stand anywhere in a mistyped one.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(camera.url)?.[0] ?? 'no scheme';
  const expected = 'an address that begins with rtsp://, rtsps://, rtmp:// or http(s):// and a host';
  return [{ path: [...path, 'url'], message: `expected ${expected}, found ${scheme}` }];
}

function samePorts({ api, media, controllers }: Config): Broken[] {
  const uses = [
    { path: ['api', 'port'], port: api.port },
    { path: ['media', 'httpPort'], port: media.httpPort },
    { path: ['media', 'rtmpPort'], port: media.rtmpPort },
    { path: ['controllers', 'port'], port: controllers.port },
  ].filter((use) => use.port !== 0);
  return uses.flatMap(({ path, port }, index) => {
    const earlier = uses.slice(0, index).find((use) => use.port === port);
    return earlier
      ? [
          {
            path,
            message: `expected a port of its own, found ${port}, which ${earlier.path.join('.')} already has`,
          },
        ]
      : [];
  });
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
