import { expect, test } from 'vitest';
import type { BehaviourEvent, IncidentChange } from '../../core/index.ts';
import { createMetrics, type MetricsSources } from './metrics.ts';

const sources: MetricsSources = {
  state: {
    cameras: () =>
      ['online', 'online', 'offline'].map((state) => ({ health: { state } })) as ReturnType<
        MetricsSources['state']['cameras']
      >,
  },
  scheduler: () =>
    ({
      lanes: [
        { looked: 3, idle: 1, skipped: 0 },
        { looked: 4, idle: 0, skipped: 2 },
      ],
    }) as unknown as ReturnType<MetricsSources['scheduler']>,
  controllers: {
    stats: () =>
      ({ lifts: 5, online: 3, silent: 1, counters: { accepted: 9, duplicates: 2 } }) as ReturnType<
        MetricsSources['controllers']['stats']
      >,
  },
  outbox: { backlog: async () => [{ sink: 'centre', waiting: 2, oldestAt: 1, dead: 1 }] },
  storage: () => ({
    state: 'journalling',
    since: 0,
    journalled: 7,
    unsecured: 0,
    reason: 'away',
    mediaRemovedEarly: 0,
  }),
};

test('says how things stand, and counts what has happened', async () => {
  const metrics = createMetrics(sources);
  metrics.behaviour({ kind: 'fall', phase: 'started' } as BehaviourEvent);
  metrics.behaviour({ kind: 'fall', phase: 'ended' } as BehaviourEvent);
  const confirmed = { change: 'confirmed', at: 16_000, incident: { kind: 'entrapment', startedAt: 1000 } };
  metrics.incident(confirmed as IncidentChange);
  const lines = (await metrics.registry.metrics()).split('\n');
  for (const line of [
    'cabinwatch_cameras{state="online"} 2',
    'cabinwatch_cameras{state="offline"} 1',
    'cabinwatch_looks{outcome="looked"} 7',
    'cabinwatch_looks{outcome="skipped"} 2',
    'cabinwatch_controllers{link="never"} 1',
    'cabinwatch_controller_messages{outcome="duplicates"} 2',
    'cabinwatch_outbox_messages{sink="centre",where="waiting"} 2',
    'cabinwatch_outbox_messages{sink="centre",where="dead"} 1',
    'cabinwatch_storage_unwritten{where="journal"} 7',
    'cabinwatch_behaviours_total{kind="fall"} 1',
    'cabinwatch_incident_changes_total{kind="entrapment",change="confirmed"} 1',
    'cabinwatch_incident_confirm_seconds_sum{kind="entrapment"} 15',
  ])
    expect(lines).toContain(line);
});

test('a database that is away leaves the other figures', async () => {
  const outbox = { backlog: () => Promise.reject(new Error('away')) };
  const text = await createMetrics({ ...sources, outbox }).registry.metrics();
  expect(text).toContain('cabinwatch_cameras{state="online"} 2');
  expect(text).not.toContain('sink="centre"');
});
