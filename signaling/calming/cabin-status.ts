import type { CabinAlarm, CabinStatus, DoorState, Incident } from '../../core/index.ts';
import { readHelp } from './help-note.ts';

/** Reasons that are somebody's asking for help. */
const ASKED = new Set<unknown>(['alarm-button', 'help-button']);

/** What a cabin is told, out of all that is known of its lift. */
export function cabinStatus(
  liftId: string,
  known: { readonly incidents: readonly Incident[]; readonly door: DoorState | undefined },
  at: number,
): CabinStatus {
  const trapped = known.incidents.find(({ kind, phase }) => kind === 'entrapment' && phase !== 'closed');
  return {
    liftId,
    at,
    ...(known.door && { door: known.door }),
    ...(trapped && { alarm: alarmOf(trapped) }),
  };
}

function alarmOf(incident: Incident): CabinAlarm {
  const { acknowledgedAt, relievedAt } = incident;
  const help = readHelp(incident.notes);
  return {
    incidentId: incident.id,
    phase: incident.phase as CabinAlarm['phase'],
    receivedAt: incident.suspectedAt,
    pressed: incident.evidence.some(({ data }) => ASKED.has(data?.fact)),
    ...(acknowledgedAt !== undefined && { seenAt: acknowledgedAt }),
    ...(relievedAt !== undefined && { relievedAt }),
    ...(help && { help }),
  };
}
