import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Controllers } from '../../controllers/index.ts';
import type { BehaviourEvent, IncidentChange, OutboxStore, StorageHealth } from '../../core/index.ts';
import type { SchedulerStats } from '../../inference/index.ts';
import type { LiveState } from './live-state.ts';

export interface MetricsSources {
  readonly state: Pick<LiveState, 'cameras'>;
  readonly scheduler: () => SchedulerStats;
  readonly controllers: Pick<Controllers, 'stats'>;
  readonly outbox: Pick<OutboxStore, 'backlog'>;
  readonly storage: () => StorageHealth;
}

export interface ServiceMetrics {
  readonly registry: Registry;
  behaviour(event: BehaviourEvent): void;
  incident(change: IncidentChange): void;
}

/** Figures for Prometheus. Gauges are read when they are asked for; labels name kinds and states, never people. */
export function createMetrics(sources: MetricsSources): ServiceMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'cabinwatch_' });
  gauges(sources, registers);
  const behaviours = new Counter({
    name: 'cabinwatch_behaviours_total',
    help: 'Behaviours that began, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const incidents = new Counter({
    name: 'cabinwatch_incident_changes_total',
    help: 'Steps of incidents, by kind and step.',
    labelNames: ['kind', 'change'],
    registers,
  });
  const confirm = new Histogram({
    name: 'cabinwatch_incident_confirm_seconds',
    help: 'From the beginning of a situation to its confirmation.',
    labelNames: ['kind'],
    buckets: [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300],
    registers,
  });
  return {
    registry,
    behaviour({ kind, phase }) {
      if (phase === 'started') behaviours.inc({ kind });
    },
    incident({ change, at, incident }) {
      const { kind, startedAt } = incident;
      incidents.inc({ kind, change });
      if (change === 'confirmed') confirm.observe({ kind }, Math.max(0, at - startedAt) / 1000);
    },
  };
}

function gauges(
  { state, scheduler, controllers, outbox, storage }: MetricsSources,
  registers: Registry[],
): void {
  new Gauge({
    name: 'cabinwatch_cameras',
    help: 'Cameras by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const { health } of state.cameras()) this.inc({ state: health.state });
    },
  });
  new Gauge({
    name: 'cabinwatch_looks',
    help: 'Frames since the start: looked at, only measured, and skipped for want of time.',
    labelNames: ['outcome'],
    registers,
    collect() {
      const sum = { looked: 0, idle: 0, skipped: 0 };
      for (const lane of scheduler().lanes) {
        sum.looked += lane.looked;
        sum.idle += lane.idle;
        sum.skipped += lane.skipped;
      }
      for (const [outcome, count] of Object.entries(sum)) this.set({ outcome }, count);
    },
  });
  new Gauge({
    name: 'cabinwatch_controllers',
    help: 'Lift controllers by link.',
    labelNames: ['link'],
    registers,
    collect() {
      const { lifts, online, silent } = controllers.stats();
      this.set({ link: 'online' }, online);
      this.set({ link: 'silent' }, silent);
      this.set({ link: 'never' }, lifts - online - silent);
    },
  });
  new Gauge({
    name: 'cabinwatch_controller_messages',
    help: 'Messages of lift controllers since the start, by what was made of them, and what was noticed about the controllers.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(controllers.stats().counters))
        this.set({ outcome }, count);
    },
  });
  new Gauge({
    name: 'cabinwatch_outbox_messages',
    help: 'Alarm messages by receiver: waiting, and dead letters.',
    labelNames: ['sink', 'where'],
    registers,
    async collect() {
      this.reset();
      for (const { sink, waiting, dead } of await outbox.backlog().catch(() => [])) {
        this.set({ sink, where: 'waiting' }, waiting);
        this.set({ sink, where: 'dead' }, dead);
      }
    },
  });
  new Gauge({
    name: 'cabinwatch_storage_unwritten',
    help: 'Records that the database does not have yet: in the journal, and in memory only.',
    labelNames: ['where'],
    registers,
    collect() {
      const { journalled, unsecured } = storage();
      this.set({ where: 'journal' }, journalled);
      this.set({ where: 'memory' }, unsecured);
    },
  });
}
