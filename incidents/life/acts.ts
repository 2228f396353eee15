import {
  type Actor,
  CabinwatchError,
  type Incident,
  type IncidentAct,
  type IncidentChange,
  type IncidentPhase,
} from '../../core/index.ts';
import { type Reason, reason } from '../words/reasons.ts';
import { evidenceOf } from '../words/say.ts';
import { closedPatch, type Patch, step } from './transitions.ts';

const UNRELIEVED: readonly IncidentPhase[] = ['suspected', 'confirmed', 'acknowledged'];
const OPEN: readonly IncidentPhase[] = [...UNRELIEVED, 'relieved'];

/**
 * In which phases a person may do what. An entrapment is closed only after it is relieved: the end of an alarm is an act of
 * its own, once nobody is trapped any more (EN 81-28).
 */
function allowedIn({ kind }: Incident, act: IncidentAct['act']): readonly IncidentPhase[] {
  switch (act) {
    case 'acknowledge':
      return ['suspected', 'confirmed'];
    case 'relieve':
      return UNRELIEVED;
    case 'close':
      return kind === 'entrapment' ? ['relieved'] : ['acknowledged', 'relieved'];
    default:
      return OPEN;
  }
}

/** @throws CabinwatchError CONFLICT where the incident's phase does not allow it */
export function applyAct(incident: Incident, act: IncidentAct, by: Actor, at: number): IncidentChange {
  const allowed = allowedIn(incident, act.act);
  if (!allowed.includes(incident.phase)) {
    const detail = `Incident ${incident.id} is ${incident.phase}; "${act.act}" needs it to be ${allowed.join(' or ')}.`;
    throw new CabinwatchError('CONFLICT', detail);
  }
  const told = (key: 'acknowledged-by' | 'relieved-by' | 'closed-by' | 'false-alarm-by') => [
    evidenceOf(reason('person', key, { name: by.name }) as Reason, at),
  ];
  const noted = (text: string | undefined): Patch =>
    text ? { notes: [...incident.notes, { at, by, text }] } : {};
  switch (act.act) {
    case 'acknowledge': {
      const patch: Patch = { phase: 'acknowledged', acknowledgedAt: at, acknowledgedBy: by };
      return step(incident, 'acknowledged', at, patch, told('acknowledged-by'), by);
    }
    case 'relieve':
      return step(incident, 'relieved', at, { phase: 'relieved', relievedAt: at }, told('relieved-by'), by);
    case 'close':
      return step(incident, 'closed', at, closedPatch(at, by, 'operator'), told('closed-by'), by);
    case 'false-alarm': {
      const patch = { ...closedPatch(at, by, 'false-alarm'), ...noted(act.text) };
      return step(incident, 'closed', at, patch, told('false-alarm-by'), by);
    }
    case 'note':
      return step(incident, 'noted', at, noted(act.text), [], by);
  }
}
