import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

const ConsentOptions = Type.Object(
  {
    zh: Type.String({
      default: '本次通话会被录音录像，仅用于救援和事后核查。',
      minLength: 1,
      maxLength: 200,
      description: 'In Chinese.',
    }),
    en: Type.String({
      default: 'This call is recorded, for the rescue and for looking into it afterwards only.',
      minLength: 1,
      maxLength: 200,
      description: 'In English.',
    }),
  },
  {
    ...closed,
    default: {},
    description:
      'What people in the cabin and whoever calls them are told before and while a call is recorded. Have it checked against local law.',
  },
);

export const RecordingOptions = Type.Object(
  {
    enabled: Type.Boolean({
      default: false,
      description:
        'Whether calls are recorded, both sides in one file. Costs one more upload for the cabin’s line and about a fifth of a core ' +
        'for each call. Turn it on once it is settled on which ground in law people’s pictures and voices may be kept.',
    }),
    consent: ConsentOptions,
    fps: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 15,
      description:
        'Pictures a second in the file. Raising it shows movement more smoothly and takes more room and computing.',
    }),
    maxMinutes: Type.Number({
      default: 240,
      minimum: 1,
      maximum: 1440,
      description:
        'Minutes after which a recording ends and its call goes on; about 4 MB each. Lowering it bounds what a call that nobody ends takes.',
    }),
  },
  closed,
);
export type RecordingOptions = Static<typeof RecordingOptions>;
