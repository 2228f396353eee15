import type { AlarmMessage, IncidentChange } from '../../core/index.ts';

/** The message that tells of a change; none while a maintenance window silences the lift (the change is recorded all the same). */
export function alarmMessage(site: string, change: IncidentChange): AlarmMessage | undefined {
  const { id, liftId, version, silencedUntil } = change.incident;
  if (silencedUntil !== undefined && silencedUntil > change.at) return undefined;
  return {
    specversion: '1.0',
    id: `${id}/${version}`,
    source: `/cabinwatch/${site}/lifts/${liftId}`,
    type: `cabinwatch.incident.${change.change}`,
    subject: id,
    time: new Date(change.at).toISOString(),
    datacontenttype: 'application/json',
    data: change,
  };
}
