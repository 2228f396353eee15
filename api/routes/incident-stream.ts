import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock, Incident, Logger } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Identity } from '../auth/access.ts';
import type { RightsWatch } from '../auth/rights-watch.ts';
import { formatEvent, type OpenStream, openStreams, sendEvents, within } from '../event-stream.ts';
import { IncidentTail } from '../incident-tail.ts';
import type { ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import type { Sight } from '../sight.ts';

const HEARTBEAT_MS = 5000;

export interface IncidentStreamDeps {
  readonly incidents: NonNullable<ServicePorts['incidents']>;
  readonly sight: Sight;
  readonly rights: RightsWatch;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A reader that takes nothing for so long is let go; it can come back and go on where it was. */
  readonly slowReaderMs: number;
}

/** What an incident stream begins with, unless it goes on from a Last-Event-ID. */
export interface IncidentHello {
  readonly now: number;
  /** All that are not closed and may be seen, oldest first. */
  readonly open: readonly Incident[];
}

/** `GET /api/incidents/stream`: every recorded change as it comes, resumable. */
export function incidentStreamRoute(deps: IncidentStreamDeps): FastifyPluginAsyncTypebox {
  const { incidents, sight, rights, clock, logger, slowReaderMs } = deps;
  return async (api) => {
    const openStream = openStreams(api, slowReaderMs);
    const tail = new IncidentTail(incidents, (error) =>
      logger.warn({ err: error }, 'incident records cannot be read; streams wait'),
    );
    api.addHook('preClose', async () => tail.close());

    const schema = {
      summary: 'Changes of incidents as they happen (server-sent events)',
      description:
        'Begins with `hello` (all open incidents), then `incident` for each recorded change, whose id is its `seq`. With ' +
        '`Last-Event-ID` it goes on right after that change: none is lost, none comes twice. Ends soon after the right ' +
        'to it has gone.',
      tags: ['incidents'],
      headers: Type.Object({
        'last-event-id': Type.Optional(
          Type.String({ pattern: '^\\d{1,15}$', description: 'Id of the last event that was received.' }),
        ),
      }),
      produces: ['text/event-stream'],
      response: { 200: Type.String({ description: '`IncidentChange` objects as `data`.' }) },
    };
    const access = { role: 'viewer', scope: 'incidents:read' } as const;
    api.get(
      '/api/incidents/stream',
      { ...about(access, schema), exposeHeadRoute: false },
      async (request, reply) => {
        const identity = whoAsks(request);
        const last = request.headers['last-event-id'];
        const seq = await incidents.lastSeq();
        const resumed = last !== undefined && Number(last) <= seq;
        const start = resumed ? Number(last) : seq;
        // After `seq` was read: what is recorded meanwhile comes again as a change, and is told by its version.
        const hello = resumed ? undefined : await incidents.open();

        const reader = openStream(reply);
        const unwatch = rights.watch(identity, () => reader.end());
        reply.raw.once('close', unwatch);
        const visible = hello?.filter(({ liftId }) => sight.sees(identity, liftId));
        const opening = visible ? [formatEvent('hello', { now: clock.now(), open: visible }, start)] : [];
        return sendEvents(reply, lines({ opening, start, identity, reader, sight, tail }));
      },
    );
  };
}

interface Stream {
  readonly opening: readonly string[];
  readonly start: number;
  readonly identity: Identity;
  readonly reader: OpenStream;
  readonly sight: Sight;
  readonly tail: IncidentTail;
}

async function* lines(stream: Stream): AsyncGenerator<string> {
  const { opening, start, identity, reader, sight, tail } = stream;
  const { signal } = reader;
  yield 'retry: 1000\n\n';
  yield* opening;
  let seq = start;
  let next = tail.after(seq, signal);
  while (!signal.aborted) {
    reader.read();
    const changes = await within(next, HEARTBEAT_MS);
    if (changes === 'late') {
      // The id without data moves the reader's place past changes that it may not see.
      yield `id: ${seq}\n: alive\n\n`;
      continue;
    }
    if (changes.length === 0) return;
    for (const change of changes) {
      if (signal.aborted) return;
      reader.read();
      seq = change.seq;
      if (sight.sees(identity, change.incident.liftId)) yield formatEvent('incident', change, seq);
    }
    next = tail.after(seq, signal);
  }
}
