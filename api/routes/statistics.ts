import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { CabinwatchError, type Clock, INCIDENT_KINDS, type IncidentStatistics } from '../../core/index.ts';
import { about } from '../about.ts';
import type { ServicePorts } from '../ports.ts';
import { whoAsks } from '../request.ts';
import { nullable, Time } from '../schemas/common.ts';
import type { Sight } from '../sight.ts';

export interface StatisticsRouteDeps {
  readonly incidents: Pick<NonNullable<ServicePorts['incidents']>, 'statistics'>;
  readonly sight: Sight;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;
const LONGEST_MS = 366 * DAY_MS;

const Percentiles = nullable(Type.Object({ p50: Type.Number(), p95: Type.Number() }));
const Row = Type.Object({
  day: Type.String({ description: '2026-03-01, in the time zone that was asked for.' }),
  liftId: Type.String(),
  kind: Type.Enum([...INCIDENT_KINDS]),
  count: Type.Integer(),
  falseAlarms: Type.Integer(),
  confirmMs: Type.Unsafe<{ p50: number; p95: number } | null>({
    ...Percentiles,
    description: 'From the beginning of the situation to its confirmation.',
  }),
  acknowledgeMs: Type.Unsafe<{ p50: number; p95: number } | null>({
    ...Percentiles,
    description: 'From confirmation to acknowledgement.',
  }),
});

/** How much happened, how fast it was answered, and how often it was nothing. */
export function statisticsRoutes({
  incidents,
  sight,
  clock,
}: StatisticsRouteDeps): FastifyPluginAsyncTypebox {
  return async (api) => {
    const schema = {
      summary: 'Incidents per lift, day and kind; response times; false alarms',
      description: 'The last 30 days if no span is given.',
      tags: ['statistics'],
      querystring: Type.Object({
        from: Type.Optional(Time),
        until: Type.Optional(Time),
        timeZone: Type.Optional(
          Type.String({
            maxLength: 64,
            description: 'IANA name by which days are cut; Asia/Shanghai if left out.',
          }),
        ),
      }),
      response: {
        200: Type.Object({
          from: Type.Integer(),
          until: Type.Integer(),
          timeZone: Type.String(),
          count: Type.Integer(),
          falseAlarms: Type.Integer(),
          falseAlarmRate: nullable(Type.Number({ description: 'Share of all; null where there were none.' })),
          rows: Type.Array(Row),
        }),
      },
    };
    const access = { role: 'viewer', scope: 'incidents:read' } as const;
    api.get('/api/statistics/incidents', about(access, schema), async (request) => {
      const { until = clock.now(), timeZone = 'Asia/Shanghai' } = request.query;
      const { from = Math.max(0, until - 30 * DAY_MS) } = request.query;
      checkSpan(from, until, timeZone);
      const identity = whoAsks(request);
      const all = await incidents.statistics(from, until, timeZone);
      const rows = all.filter(({ liftId }) => sight.sees(identity, liftId)).map(rowView);
      const count = sum(rows.map((row) => row.count));
      const falseAlarms = sum(rows.map((row) => row.falseAlarms));
      const falseAlarmRate = count === 0 ? null : falseAlarms / count;
      return { from, until, timeZone, count, falseAlarms, falseAlarmRate, rows };
    });
  };
}

const rowView = ({ confirmMs, acknowledgeMs, ...row }: IncidentStatistics) => ({
  ...row,
  confirmMs: confirmMs ?? null,
  acknowledgeMs: acknowledgeMs ?? null,
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function checkSpan(from: number, until: number, timeZone: string): void {
  if (until <= from || until - from > LONGEST_MS) {
    throw new CabinwatchError(
      'INPUT_INVALID',
      'until: expected a time after `from`, at most 366 days later.',
    );
  }
  // Offsets such as +08:00 are zones to JavaScript but not to every database.
  if (/^[A-Za-z]/.test(timeZone) && isTimeZone(timeZone)) return;
  throw new CabinwatchError('INPUT_INVALID', 'timeZone: expected an IANA name such as Asia/Shanghai.');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
