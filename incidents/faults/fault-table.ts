import { type Static, Type } from 'typebox';
import { INCIDENT_KINDS, type IncidentKind } from '../../core/index.ts';
import { PATTERNS, type Pattern } from './patterns.ts';

const closed = { additionalProperties: false } as const;
const oneOf = <T extends string>(words: readonly T[]) => Type.Enum([...words] as [T, ...T[]]);

const WordsSchema = Type.Object(
  { zh: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { ...closed, description: 'The same in both languages.' },
);

const RowSchema = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      description: 'Names the reading; stays the same when its words are improved.',
    }),
    kinds: Type.Optional(
      Type.Array(oneOf<IncidentKind>(INCIDENT_KINDS), {
        minItems: 1,
        description: 'Incidents for which it is a cause; all when left out.',
      }),
    ),
    codes: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description:
          'Fault codes, any of which speaks for it. Upper and lower case are the same; a * at the end stands for any rest.',
      }),
    ),
    patterns: Type.Optional(
      Type.Array(oneOf<Pattern>(Object.keys(PATTERNS) as Pattern[]), {
        minItems: 1,
        description: 'What the timeline must look like: all of these.',
      }),
    ),
    likelihood: Type.Enum(['likely', 'possible']),
    means: Type.Optional(oneOf(['overspeed', 'overtravel'] as const)),
    cause: WordsSchema,
    advice: Type.Array(WordsSchema, { minItems: 1, description: 'What to try, in order.' }),
  },
  closed,
);

/** How a table of causes is written; see `docs/4-reference/incidents.md`. */
export const FaultTableSchema = Type.Object(
  {
    table: Type.String({ minLength: 1, description: 'Its name.' }),
    note: Type.Optional(Type.String({ description: 'Where the codes come from.' })),
    rows: Type.Array(RowSchema, { minItems: 1, description: 'Earlier rows are shown first.' }),
  },
  closed,
);
export type FaultTable = Static<typeof FaultTableSchema>;
export type FaultRow = FaultTable['rows'][number];
