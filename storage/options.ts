import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** How long each kind of picture is kept. */
const RetentionOptions = Type.Object(
  {
    snapshotDays: Type.Number({
      default: 90,
      minimum: 1,
      maximum: 3650,
      description:
        'Days a snapshot is kept. Raising it takes room (about 0.1 MB each); lowering it may fall short of local rules.',
    }),
    clipDays: Type.Number({
      default: 30,
      minimum: 1,
      maximum: 3650,
      description: 'Days a clip is kept. Raising it takes room (about 4 MB each at 2 Mbit/s).',
    }),
    recordingDays: Type.Number({
      default: 30,
      minimum: 1,
      maximum: 3650,
      description: 'Days a recorded call is kept. Raising it takes room and needs a reason in law.',
    }),
    maxGigabytes: Type.Number({
      default: 20,
      minimum: 0.001,
      maximum: 100_000,
      description:
        'Room for all of them, GB. Above it the oldest of closed incidents go before their time, counted and reported; ' +
        'those of open incidents never do.',
    }),
  },
  { ...closed, default: {} },
);

/** Where the head of the audit chain is written down besides, so that cutting off its end is seen too. */
const AnchorOptions = Type.Object(
  {
    everyHours: Type.Number({
      default: 24,
      minimum: 0.01,
      maximum: 720,
      description:
        'Hours between two anchors. Lowering it leaves less of the end of the log that could be rewritten unseen.',
    }),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'File to which each anchor is appended, one JSON object a line. Best on another machine or on write-once media.',
      }),
    ),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        expected: 'an http:// or https:// address',
        description: 'Address to which each anchor is posted as JSON.',
      }),
    ),
    secret: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Signs what is posted as Standard Webhooks say; base64, with or without `whsec_` before it.',
      }),
    ),
  },
  { ...closed, default: {} },
);

export const StorageOptions = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^postgres(ql)?://',
        expected: 'a postgres:// address',
        description:
          'PostgreSQL database (14 or newer). Default: the environment’s DATABASE_URL; without either, a database of its own ' +
          '(PGlite) in `dataDir`.',
      }),
    ),
    dataDir: Type.String({
      default: '.data',
      minLength: 1,
      description:
        'Folder for the embedded database, the journal, snapshots and clips. Only one process may use it at a time.',
    }),
    poolSize: Type.Integer({
      default: 8,
      minimum: 2,
      maximum: 100,
      description:
        'Connections to PostgreSQL. Raising it helps many readers; PostgreSQL allows 100 in all by default.',
    }),
    timeout: Type.Number({
      default: 5,
      minimum: 0.5,
      maximum: 60,
      description:
        'Seconds after which PostgreSQL counts as away. Lowering it sends records to the journal sooner; raising it rides ' +
        'out slow moments.',
    }),
    retention: RetentionOptions,
    anchor: AnchorOptions,
  },
  closed,
);
export type StorageOptions = Static<typeof StorageOptions>;
export type RetentionOptions = Static<typeof RetentionOptions>;
export type AnchorOptions = Static<typeof AnchorOptions>;
