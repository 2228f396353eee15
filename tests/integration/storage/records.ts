import { Value } from 'typebox/value';
import type { Actor, AlarmMessage, Incident, IncidentChange } from '../../../core/index.ts';
import { StorageOptions } from '../../../storage/index.ts';

export const RULES: Actor = { kind: 'service', id: 'rules', name: 'Rules' };

export function storageOptions(own: Readonly<Record<string, unknown>>): StorageOptions {
  return Value.Default(StorageOptions, structuredClone(own)) as StorageOptions;
}

export function incident(own: Partial<Incident> & Pick<Incident, 'id'>): Incident {
  return {
    liftId: 'lift-1',
    kind: 'entrapment',
    phase: 'suspected',
    severity: 'critical',
    startedAt: 1_000,
    suspectedAt: 2_000,
    people: 2,
    floor: 3,
    door: 'closed',
    why: { zh: '轿厢停在门区外。', en: 'The car stands outside the door zone.' },
    unless: { zh: '门打开。', en: 'The door opens.' },
    causes: [],
    evidence: [],
    notes: [],
    version: 1,
    ...own,
  };
}

export function change(own: Partial<Incident> & Pick<Incident, 'id'>, at = 3_000): IncidentChange {
  const after = incident(own);
  const kind = after.version === 1 ? 'opened' : after.phase === 'closed' ? 'closed' : 'updated';
  return { change: kind, at, by: RULES, incident: after };
}

export function messageOf(told: IncidentChange): AlarmMessage {
  const { id, version, liftId } = told.incident;
  return {
    specversion: '1.0',
    id: `${id}/${version}`,
    source: `/cabinwatch/test/lifts/${liftId}`,
    type: `cabinwatch.incident.${told.change}`,
    subject: id,
    time: new Date(told.at).toISOString(),
    datacontenttype: 'application/json',
    data: told,
  };
}
