import { type TSchema, Type } from 'typebox';
import {
  type CarState,
  DIRECTIONS,
  DOOR_STATES,
  LIFT_MODES,
  TIMELINE_KINDS,
  type TimelineEntry,
} from '../../core/index.ts';
import { ref } from './common.ts';

/** A field with its age. What is not known is left out: unknown is not "stopped", nor "closed". */
const heard = (value: TSchema) =>
  Type.Object({
    value: Type.Optional(value),
    since: Type.Optional(Type.Integer({ description: 'Since when it has been so, as far as was heard.' })),
    heardAt: Type.Optional(Type.Integer({ description: 'When it was last heard.' })),
  });

export const CarStateSchema = Type.Object(
  {
    liftId: Type.String(),
    ts: Type.Integer(),
    link: Type.Enum(['never', 'online', 'silent']),
    linkSince: Type.Optional(Type.Integer()),
    door: heard(Type.Enum([...DOOR_STATES])),
    doorZone: heard(Type.Boolean({ description: 'Level with a landing.' })),
    floor: heard(Type.Number()),
    direction: heard(Type.Enum([...DIRECTIONS])),
    speed: heard(Type.Number({ description: 'm/s, never negative' })),
    mode: heard(Type.Enum([...LIFT_MODES])),
    load: heard(Type.Number({ description: 'Share of the rated load.' })),
    faults: heard(Type.Array(Type.String(), { description: 'The fault codes that stand.' })),
    alarmButton: heard(Type.Boolean()),
  },
  { $id: 'CarState' },
);

export const TimelineEntrySchema = Type.Object(
  {
    liftId: Type.String(),
    kind: Type.Enum([...TIMELINE_KINDS]),
    startedAt: Type.Integer(),
    endedAt: Type.Optional(Type.Integer({ description: 'Absent while it goes on.' })),
    detail: Type.Record(
      Type.String(),
      Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()]),
    ),
  },
  { $id: 'TimelineEntry' },
);

export const CarStateRef = ref<CarState>('CarState');
export const TimelineEntryRef = ref<TimelineEntry>('TimelineEntry');
