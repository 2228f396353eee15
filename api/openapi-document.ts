import { Value } from 'typebox/value';
import { type AccountStore, silentLogger, systemClock } from '../core/index.ts';
import { createEntrance } from './auth/entrance.ts';
import { createServer } from './create-api.ts';
import { ApiOptions } from './options.ts';
import type { ServicePorts } from './ports.ts';
import type { Wall } from './wall.ts';

/** Stands where routes are registered but nobody will ask them. */
const unused = Object.freeze({}) as never;

const PORTS: Required<ServicePorts> = {
  accounts: { users: async () => [] } as unknown as AccountStore,
  audit: unused,
  lifts: unused,
  cars: unused,
  timelines: unused,
  incidents: unused,
  desk: unused,
  maintenance: unused,
  mediaFiles: unused,
  outbox: unused,
  controllers: unused,
  cabins: unused,
  calls: { attach() {} } as never,
  metrics: unused,
  checks: () => ({}),
};

/** The OpenAPI document of the API with every route that there is, as JSON. */
export async function openapiDocument(): Promise<string> {
  const options = Value.Create(ApiOptions);
  const media = { host: '127.0.0.1', port: 0 };
  const deps = { ...PORTS, media, wall: unused as Wall, logger: silentLogger, clock: systemClock };
  const entrance = await createEntrance(options, deps);
  const server = await createServer(options, deps, entrance);
  try {
    await server.ready();
    return `${JSON.stringify(server.swagger(), null, 2)}\n`;
  } finally {
    await server.close();
    await entrance.close();
  }
}
