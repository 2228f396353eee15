import type { AlarmMessage, IncidentChange } from '../core/index.ts';

/** Where lifts are: part of every message's `source`. */
export interface Site {
  readonly site: string;
}

/**
 * The message that tells of a change; undefined where none does. All steps of an incident are told, from its opening to its
 * closing and what becomes known in between; notes are not, they are for those who already look at it. What a maintenance
 * window silences is not told; when the silence ends while the incident stands, that change is told.
 */
export function toAlarmMessage(change: IncidentChange, { site }: Site): AlarmMessage | undefined {
  const { incident, at } = change;
  if (change.change === 'noted') return undefined;
  if (incident.silencedUntil !== undefined && at < incident.silencedUntil) return undefined;
  return {
    specversion: '1.0',
    id: `${incident.id}/${incident.version}`,
    source: `/cabinwatch/${encodeURIComponent(site)}/lifts/${encodeURIComponent(incident.liftId)}`,
    type: `cabinwatch.incident.${change.change}`,
    subject: incident.id,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: change,
  };
}
