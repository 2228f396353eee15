import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { ApiOptions } from '../api/index.ts';
import { ControllerOptions, LiftControllerOptions } from '../controllers/index.ts';
import { AlarmOptions, IncidentOptions, type IncidentOptionsInput } from '../incidents/index.ts';
import {
  EngineOptions,
  InferenceOptions,
  type InferenceOptionsInput,
  SchedulerOptions,
  VisionModels,
} from '../inference/index.ts';
import { CalmingOptions, SignalingOptions } from '../signaling/index.ts';
import { StorageOptions } from '../storage/index.ts';
import { CameraOptions, ClipOptions, MediaOptions, RecordingOptions } from '../streams/index.ts';
import { overridesOf } from './overrides.ts';

/** A section may be left out as a whole: its own defaults then hold. */
function section<P extends TProperties>(schema: TObject<P>, description: string): TObject<P> {
  return Type.Object(schema.properties, { additionalProperties: false, default: {}, description });
}

const Id = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  expected: 'small letters, digits and dashes, beginning with a letter or digit',
  description: 'Names the lift in events, addresses and file names; keep it for the lift’s lifetime.',
});

export const LiftSchema = Type.Object(
  {
    id: Id,
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        description: 'What people call it; shown on the page instead of the id.',
      }),
    ),
    camera: Type.Object(CameraOptions.properties, {
      additionalProperties: false,
      description: 'The camera in the car. Give exactly one of `url`, `publishKey` and `file`.',
    }),
    group: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        description: 'The estate or district it belongs to; people may be limited to groups.',
      }),
    ),
    controller: Type.Optional(
      Type.Object(LiftControllerOptions.properties, {
        additionalProperties: false,
        description:
          'The lift’s controller. Without one only the picture is judged, and an entrapment is suspected at most.',
      }),
    ),
    inference: Type.Optional(Type.Unsafe<InferenceOptionsInput>(overridesOf('inference', InferenceOptions))),
    incidents: Type.Optional(Type.Unsafe<IncidentOptionsInput>(overridesOf('incidents', IncidentOptions))),
  },
  { additionalProperties: false, description: 'One entry a lift.' },
);

/** Everything that one site's service is told: each folder's own options, put together. */
export const ConfigSchema = Type.Object(
  {
    lifts: Type.Array(LiftSchema, {
      default: [],
      description: 'The lifts that are watched, one camera each.',
    }),
    api: section(ApiOptions, 'The watch page and the API.'),
    media: section(MediaOptions, 'The media server: cameras that push come in here, live views go out.'),
    clips: section(ClipOptions, 'Evidence clips.'),
    inference: section(
      InferenceOptions,
      'What is judged in every cabin, and when. Times in seconds unless the key says otherwise.',
    ),
    scheduler: section(SchedulerOptions, 'How the cabins share the models.'),
    controllers: section(ControllerOptions, 'How lift controllers reach the service.'),
    incidents: section(
      IncidentOptions,
      'When an incident is suspected, confirmed and over. Times in seconds unless the key says otherwise.',
    ),
    alarms: section(AlarmOptions, 'Where incidents are told of.'),
    storage: section(
      StorageOptions,
      'Where incidents, records, accounts and media are kept, and for how long.',
    ),
    signaling: section(SignalingOptions, 'Calls between the emergency centre and the cabins.'),
    calls: section(
      Type.Object({
        recording: section(RecordingOptions, 'Both sides in one file, kept with the incident.'),
      }),
      'What is kept of calls.',
    ),
    calming: section(CalmingOptions, 'What is said on the screens in the cabins until somebody answers.'),
    models: section(VisionModels, 'Which of the built models look at the cabins.'),
    engine: section(EngineOptions, 'How and where the models run.'),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof ConfigSchema>;
export type Lift = Static<typeof LiftSchema>;
