import type { IncidentDesk, ServicePorts } from '../../../../api/index.ts';
import type {
  Incident,
  IncidentChangeKind,
  IncidentFilter,
  IncidentStatistics,
  Page,
  RecordedChange,
} from '../../../../core/index.ts';
import { CabinwatchError } from '../../../../core/index.ts';

type Incidents = NonNullable<ServicePorts['incidents']>;

/** Incidents that last as long as the process, and a desk that changes them. For tests. */
export class MemoryIncidents implements Incidents {
  readonly #incidents = new Map<string, Incident>();
  readonly #changes: RecordedChange[] = [];

  /** Takes the incident as it is after a change. */
  record(
    incident: Incident,
    change: IncidentChangeKind = 'updated',
    by: RecordedChange['by'] = RULES,
  ): RecordedChange {
    this.#incidents.set(incident.id, incident);
    const seq = this.#changes.length + 1;
    const recorded: RecordedChange = { seq, change, at: incident.suspectedAt + seq, by, incident };
    this.#changes.push(recorded);
    return recorded;
  }

  async incident(id: string): Promise<Incident | undefined> {
    return this.#incidents.get(id);
  }

  async open(): Promise<Incident[]> {
    return this.openNow();
  }

  openNow(): Incident[] {
    return [...this.#incidents.values()].filter(({ phase }) => phase !== 'closed');
  }

  async list(filter: IncidentFilter): Promise<Page<Incident>> {
    const { limit, cursor = '0' } = filter;
    const start = Number.parseInt(cursor, 10);
    if (Number.isNaN(start)) throw new CabinwatchError('INPUT_INVALID', 'cursor: expected one from a page.');
    const all = [...this.#incidents.values()]
      .reverse()
      .filter((i) => filter.liftIds?.includes(i.liftId) ?? true)
      .filter((i) => filter.kinds?.includes(i.kind) ?? true)
      .filter((i) => filter.phases?.includes(i.phase) ?? true)
      .filter((i) => filter.severities?.includes(i.severity) ?? true)
      .filter((i) => i.startedAt >= (filter.from ?? 0) && i.startedAt < (filter.until ?? Number.MAX_VALUE));
    const next = start + limit;
    return { items: all.slice(start, next), cursor: next < all.length ? String(next) : undefined };
  }

  async changesOf(incidentId: string): Promise<RecordedChange[]> {
    return this.#changes.filter(({ incident }) => incident.id === incidentId);
  }

  async changesSince(seq: number, limit: number): Promise<RecordedChange[]> {
    return this.#changes.slice(seq, seq + limit);
  }

  async lastSeq(): Promise<number> {
    return this.#changes.length;
  }

  async statistics(from: number, until: number): Promise<IncidentStatistics[]> {
    return [...this.#incidents.values()]
      .filter(({ startedAt }) => startedAt >= from && startedAt < until)
      .map(({ startedAt, liftId, kind, closeReason }) => ({
        day: new Date(startedAt).toISOString().slice(0, 10),
        liftId,
        kind,
        count: 1,
        falseAlarms: closeReason === 'false-alarm' ? 1 : 0,
        confirmMs: undefined,
        acknowledgeMs: undefined,
      }));
  }
}

const RULES = { kind: 'service', id: 'rules', name: 'rules' } as const;

export function createMemoryDesk(incidents: MemoryIncidents): IncidentDesk {
  return {
    openIncidents: (liftId) => incidents.openNow().filter((incident) => incident.liftId === liftId),
    async act(id, act, by) {
      const before = await incidents.incident(id);
      if (!before) throw new CabinwatchError('INPUT_NOT_FOUND', `There is no incident "${id}".`);
      if (before.phase === 'closed' && act.act !== 'note') {
        throw new CabinwatchError('CONFLICT', 'The incident is closed already.');
      }
      const version = before.version + 1;
      if (act.act === 'note') {
        const notes = [...before.notes, { at: version, by, text: act.text }];
        return incidents.record({ ...before, version, notes }, 'noted', by).incident;
      }
      const [phase, change] = STEPS[act.act];
      const reason = act.act === 'false-alarm' ? { closeReason: 'false-alarm' as const } : {};
      return incidents.record({ ...before, version, phase, ...reason }, change, by).incident;
    },
  };
}

const STEPS = {
  acknowledge: ['acknowledged', 'acknowledged'],
  relieve: ['relieved', 'relieved'],
  close: ['closed', 'closed'],
  'false-alarm': ['closed', 'closed'],
} as const;

/** One as the rules would open it. */
export function anIncident(id: string, liftId: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    liftId,
    kind: 'entrapment',
    phase: 'confirmed',
    severity: 'critical',
    startedAt: 1_000_000,
    suspectedAt: 1_015_000,
    confirmedAt: 1_030_000,
    people: 2,
    floor: 3,
    door: 'closed',
    why: { zh: '有人被困', en: 'Two people inside, car still between floors for 30 s' },
    unless: { zh: '门打开', en: 'the door opens' },
    causes: [
      {
        id: 'row-1',
        words: { zh: '门锁', en: 'door lock' },
        likelihood: 'possible',
        advice: [{ zh: '检查', en: 'check' }],
      },
    ],
    evidence: [
      {
        at: 1_000_000,
        source: 'controller',
        words: { zh: '停', en: 'stopped' },
        data: { speed: 0, code: 'E41' },
      },
    ],
    notes: [],
    version: 1,
    ...more,
  };
}
