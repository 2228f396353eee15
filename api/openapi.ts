import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { KeyView, MeView, UserView } from './schemas/account.ts';
import { CarStateSchema, TimelineEntrySchema } from './schemas/car.ts';
import { ErrorBody } from './schemas/common.ts';
import { ActorSchema, ChangeSchema, IncidentSchema } from './schemas/incident.ts';
import { CameraView } from './wire.ts';

/** What several routes answer with, named in the document's components. */
const SHARED = [
  ErrorBody,
  ActorSchema,
  IncidentSchema,
  ChangeSchema,
  CarStateSchema,
  TimelineEntrySchema,
  UserView,
  KeyView,
  MeView,
  CameraView,
];

/** Collects the routes that are registered after it into an OpenAPI document. */
export async function registerOpenapi(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cabinwatch',
        // Of the interface, not of the service: raised when a route changes in a way that breaks its callers.
        version: '1',
        description:
          'Lifts, cameras, incidents and alarms of one site. Times are epoch milliseconds, UTC. Errors all have the same form. ' +
          '`x-access` says who may use a route.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'cabinwatch',
            description: 'People: set by `POST /api/session`. Over TLS its name begins with `__Host-`.',
          },
          key: { type: 'http', scheme: 'bearer', description: 'Machines: `Authorization: Bearer cw_…`.' },
        },
      },
    },
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `Schema${index}`),
    },
  });
  for (const schema of SHARED) server.addSchema(schema);
}
