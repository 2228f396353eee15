import { Type } from 'typebox';
import {
  CLOSE_REASONS,
  DOOR_STATES,
  INCIDENT_CHANGES,
  INCIDENT_KINDS,
  INCIDENT_PHASES,
  type Incident,
  type IncidentAct,
  type RecordedChange,
  SEVERITIES,
} from '../../core/index.ts';
import { ref, strict, Time } from './common.ts';

/** Incidents as they are recorded and sent to alarm receivers. What is not known yet is left out. */

const Words = Type.Object({ zh: Type.String(), en: Type.String() });

export const ActorSchema = Type.Object(
  {
    kind: Type.Enum(['user', 'key', 'service']),
    id: Type.String(),
    name: Type.String(),
  },
  { $id: 'Actor' },
);

const Data = Type.Record(
  Type.String(),
  Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]),
);

const Evidence = Type.Object({
  at: Time,
  source: Type.Enum(['controller', 'camera', 'person', 'rule']),
  words: Words,
  data: Type.Optional(Data),
});

const Cause = Type.Object({
  id: Type.String({ description: 'Row of the fault-judgement table.' }),
  words: Words,
  likelihood: Type.Enum(['likely', 'possible']),
  advice: Type.Array(Words, { description: 'What to try, in order.' }),
});

const Note = Type.Object({ at: Time, by: ref('Actor'), text: Type.String() });

export const IncidentSchema = Type.Object(
  {
    id: Type.String(),
    liftId: Type.String(),
    kind: Type.Enum([...INCIDENT_KINDS]),
    phase: Type.Enum([...INCIDENT_PHASES]),
    severity: Type.Enum([...SEVERITIES]),
    startedAt: Type.Integer({ description: 'When the situation itself began, as far as is known.' }),
    suspectedAt: Time,
    confirmedAt: Type.Optional(Time),
    acknowledgedAt: Type.Optional(Time),
    acknowledgedBy: Type.Optional(ref('Actor')),
    relievedAt: Type.Optional(Time),
    closedAt: Type.Optional(Time),
    closedBy: Type.Optional(ref('Actor')),
    closeReason: Type.Optional(Type.Enum([...CLOSE_REASONS])),
    people: Type.Optional(Type.Integer({ description: 'People inside, debounced; absent while unknown.' })),
    floor: Type.Optional(Type.Number()),
    door: Type.Optional(Type.Enum([...DOOR_STATES])),
    why: Type.Object(Words.properties, { description: 'Why it is believed.' }),
    unless: Type.Object(Words.properties, { description: 'What would change its mind.' }),
    causes: Type.Array(Cause, { description: 'A first, hedged reading of the cause.' }),
    evidence: Type.Array(Evidence, { description: 'In order of time; the first and the latest are kept.' }),
    notes: Type.Array(Note),
    silencedUntil: Type.Optional(
      Type.Integer({ description: 'Set while a maintenance window silences its alarm.' }),
    ),
    version: Type.Integer({ description: 'Rises by one with every change.' }),
  },
  { $id: 'Incident' },
);

export const ChangeSchema = Type.Object(
  {
    seq: Type.Integer({ description: 'Rises over all lifts; the event id of the stream.' }),
    change: Type.Enum([...INCIDENT_CHANGES]),
    at: Time,
    by: ref('Actor'),
    incident: ref('Incident'),
  },
  { $id: 'IncidentChange' },
);

export const IncidentRef = ref<Incident>('Incident');
export const ChangeRef = ref<RecordedChange>('IncidentChange');

const NoteText = Type.String({ minLength: 1, maxLength: 2000 });

export const ActBody = Type.Unsafe<IncidentAct>(
  Type.Union([
    strict({ act: Type.Literal('acknowledge') }),
    strict({ act: Type.Literal('relieve') }),
    strict({ act: Type.Literal('close') }),
    strict({ act: Type.Literal('false-alarm'), text: Type.Optional(NoteText) }),
    strict({ act: Type.Literal('note'), text: NoteText }),
  ]),
);
