import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  CabinwatchError,
  INCIDENT_KINDS,
  INCIDENT_PHASES,
  type Incident,
  SEVERITIES,
} from '../../core/index.ts';
import { about } from '../about.ts';
import type { Identity } from '../auth/access.ts';
import type { IncidentDesk, ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { Id, IdParams, limit, listOf, nullable, oneOrMore, Time } from '../schemas/common.ts';
import { ActBody, ChangeRef, IncidentRef } from '../schemas/incident.ts';
import type { Sight } from '../sight.ts';

type Incidents = NonNullable<ServicePorts['incidents']>;

export interface IncidentRouteDeps {
  readonly incidents: Incidents;
  readonly sight: Sight;
  /** Without it incidents can only be read. */
  readonly desk: IncidentDesk | undefined;
}

const tags = ['incidents'];
const reading = { role: 'viewer', scope: 'incidents:read' } as const;
const acting = { role: 'operator', scope: 'incidents:act' } as const;

const Filter = Type.Object({
  lift: Type.Optional(oneOrMore(Id)),
  kind: Type.Optional(oneOrMore(Type.Enum([...INCIDENT_KINDS]))),
  phase: Type.Optional(oneOrMore(Type.Enum([...INCIDENT_PHASES]))),
  severity: Type.Optional(oneOrMore(Type.Enum([...SEVERITIES]))),
  from: Type.Optional(Time),
  until: Type.Optional(Time),
  limit: limit(50, 500),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'From the page before.' })),
});

export function incidentRoutes({ incidents, sight, desk }: IncidentRouteDeps): FastifyPluginAsyncTypebox {
  const get = createFinder(incidents, sight);

  return async (api) => {
    const list = {
      summary: 'Incidents, page by page',
      description: 'Newest first. `from` and `until` are about when the situation began.',
      tags,
      querystring: Filter,
      response: { 200: Type.Object({ items: Type.Array(IncidentRef), cursor: nullable(Type.String()) }) },
    };
    api.get('/api/incidents', about(reading, list), async (request) => {
      const { lift, kind, phase, severity, limit: most = 50, ...rest } = request.query;
      const liftIds = visibleOf(listOf(lift), sight.liftIds(whoAsks(request)));
      if (liftIds?.length === 0) return { items: [], cursor: null };
      const page = await incidents.list({
        ...rest,
        liftIds,
        kinds: listOf(kind),
        phases: listOf(phase),
        severities: listOf(severity),
        limit: most,
      });
      return { items: [...page.items], cursor: page.cursor ?? null };
    });

    const one = {
      summary: 'One incident with its evidence',
      tags,
      params: IdParams,
      response: { 200: IncidentRef },
    };
    api.get('/api/incidents/:id', about(reading, one, ['INPUT_NOT_FOUND']), (request) =>
      get(whoAsks(request), request.params.id),
    );

    const changes = {
      summary: 'Everything that happened to an incident',
      tags,
      params: IdParams,
      response: { 200: Type.Array(ChangeRef) },
    };
    api.get('/api/incidents/:id/changes', about(reading, changes, ['INPUT_NOT_FOUND']), async (request) => {
      const { id } = await get(whoAsks(request), request.params.id);
      return incidents.changesOf(id);
    });

    if (!desk) return;
    const act = {
      summary: 'Acknowledge, relieve, close, call a false alarm, or add a note',
      description: 'The incident as it is afterwards. 409 says why its phase does not allow the act.',
      tags,
      params: IdParams,
      body: ActBody,
      response: { 200: IncidentRef },
    };
    api.post(
      '/api/incidents/:id/acts',
      about(acting, act, ['INPUT_NOT_FOUND', 'CONFLICT']),
      async (request) => {
        const identity = whoAsks(request);
        const { id } = await get(identity, request.params.id);
        return desk.act(id, request.body, identity.actor);
      },
    );
  };
}

/** Finds what somebody may see; anything else is not there for them. */
export function createFinder(
  incidents: Pick<Incidents, 'incident'>,
  sight: Sight,
): (identity: Identity, id: string) => Promise<Incident> {
  return async (identity, id) => {
    const incident = await incidents.incident(id);
    if (incident && sight.sees(identity, incident.liftId)) return incident;
    throw new CabinwatchError('INPUT_NOT_FOUND', `There is no incident "${id}".`);
  };
}

/** What is asked for and may be seen; undefined: all. */
function visibleOf(
  asked: readonly string[] | undefined,
  visible: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!visible) return asked;
  return asked ? asked.filter((id) => visible.includes(id)) : visible;
}
