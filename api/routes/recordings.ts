import type { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { CabinwatchError, type Clock, type MediaItem } from '../../core/index.ts';
import { about } from '../about.ts';
import type { Recorder } from '../audit.ts';
import type { Identity } from '../auth/access.ts';
import { parseRange } from '../byte-range.ts';
import type { ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { Id, IdParams, limit, nullable, strict, Time } from '../schemas/common.ts';
import type { Sight } from '../sight.ts';

export interface RecordingRouteDeps {
  readonly mediaFiles: NonNullable<ServicePorts['mediaFiles']>;
  readonly sight: Sight;
  readonly record: Recorder;
  readonly clock: Clock;
}

const tags = ['recordings'];
/** People only: a voice is nobody's data point. */
const access = { role: 'operator' } as const;

/** Who has said why may look into a recording for so long, ms. */
const OPEN_MS = 15 * 60_000;
const MOST_OPEN = 10_000;

const RecordingSchema = Type.Object({
  id: Type.String(),
  callId: Type.String(),
  liftId: Type.String(),
  incidentId: nullable(Type.String()),
  startedAt: Time,
  durationMs: Type.Number(),
  bytes: Type.Integer(),
  problem: nullable(
    Type.String({
      description: 'Why it ends before the call does; null where it holds the call to its end.',
    }),
  ),
});

export type RecordingView = Static<typeof RecordingSchema>;

/** Recorded calls: found freely, seen and heard only by who says why; that is written down first. */
export function recordingRoutes(deps: RecordingRouteDeps): FastifyPluginAsyncTypebox {
  const { mediaFiles, sight, record, clock } = deps;
  const openings = new Map<string, number>();
  const keyOf = ({ actor }: Identity, id: string): string => JSON.stringify([actor.kind, actor.id, id]);
  const find = async (identity: Identity, id: string): Promise<MediaItem> => {
    const item = await mediaFiles.item(id);
    if (item?.kind === 'recording' && sight.sees(identity, item.liftId)) return item;
    throw new CabinwatchError('MEDIA_UNAVAILABLE', 'There is no such recording, or its time is over.');
  };

  return async (api) => {
    const list = {
      summary: 'Recorded calls, newest first',
      description: 'Of the next page: `before` is the `startedAt` of the last one known.',
      tags,
      querystring: Type.Object({
        lift: Type.Optional(Id),
        before: Type.Optional(Time),
        limit: limit(50, 500),
      }),
      response: { 200: Type.Array(RecordingSchema) },
    };
    api.get('/api/recordings', about(access, list), async (request) => {
      const { lift, before, limit: most = 50 } = request.query;
      const seen = sight.liftIds(whoAsks(request));
      const liftIds = lift === undefined ? seen : [lift].filter((id) => seen?.includes(id) ?? true);
      return (await mediaFiles.recordings({ liftIds, before, limit: most })).map(viewOf);
    });

    const open = {
      summary: 'Say why, and get the address of a recording',
      description:
        `Who opened which recording, when and why is written down before anything is given out. The file can then be fetched by the ` +
        `same person for ${OPEN_MS / 60_000} minutes.`,
      tags,
      params: IdParams,
      body: strict({
        reason: Type.String({ minLength: 3, maxLength: 500, description: 'Why it is looked into.' }),
      }),
      response: { 200: Type.Object({ path: Type.String(), until: Time }) },
    };
    api.post(
      '/api/recordings/:id/open',
      about(access, open, ['MEDIA_UNAVAILABLE']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const item = await find(identity, request.params.id);
        const { reason } = request.body;
        await record(identity.actor, 'recording.opened', `lift/${item.liftId}`, {
          recording: item.id,
          call: item.recording?.callId,
          ...(item.incidentId !== undefined && { incidentId: item.incidentId }),
          reason,
        });
        const until = clock.now() + OPEN_MS;
        for (const [key, end] of openings)
          if (end <= clock.now() || openings.size >= MOST_OPEN) openings.delete(key);
        openings.set(keyOf(identity, item.id), until);
        reply.header('cache-control', 'no-store');
        return { path: `api/recordings/${item.id}/file`, until };
      },
    );

    const file = {
      summary: 'A recording, or a range of its bytes',
      description: 'After `open`, by the same person.',
      tags,
      params: IdParams,
      headers: Type.Object({ range: Type.Optional(Type.String({ maxLength: 100 })) }),
      produces: ['video/mp4'],
      response: {
        200: Type.Unsafe<Readable>({ type: 'string', format: 'binary', description: 'The whole file.' }),
        206: Type.Unsafe<Readable>({ type: 'string', format: 'binary', description: 'The range asked for.' }),
        416: Type.Null({ description: 'There is no such range; `Content-Range` says how long the file is.' }),
      },
    };
    api.get(
      '/api/recordings/:id/file',
      about(access, file, ['MEDIA_UNAVAILABLE']),
      async (request, reply) => {
        const identity = whoAsks(request);
        const item = await find(identity, request.params.id);
        if ((openings.get(keyOf(identity, item.id)) ?? 0) <= clock.now())
          throw new CabinwatchError(
            'FORBIDDEN',
            `Say first why you open this recording: POST /api/recordings/${item.id}/open with a reason.`,
          );
        const { bytes } = item;
        reply
          .type('video/mp4')
          .header('accept-ranges', 'bytes')
          .header('cache-control', 'no-store')
          .header('last-modified', new Date(item.takenAt).toUTCString());
        const range = parseRange(request.headers.range, bytes);
        if (range === 'impossible') {
          return reply.code(416).header('content-range', `bytes */${bytes}`).send(null);
        }
        const { first, last } = range === 'none' ? { first: 0, last: bytes - 1 } : range;
        const stream = await mediaFiles.stream(item.id, first, last);
        reply.header('content-length', last - first + 1);
        if (range !== 'none') reply.code(206).header('content-range', `bytes ${first}-${last}/${bytes}`);
        return reply.send(stream);
      },
    );
  };
}

function viewOf({ id, liftId, incidentId, takenAt, bytes, recording }: MediaItem): RecordingView {
  return {
    id,
    callId: recording?.callId ?? '',
    liftId,
    incidentId: incidentId ?? null,
    startedAt: takenAt,
    durationMs: recording?.durationMs ?? 0,
    bytes,
    problem: recording?.problem ?? null,
  };
}
