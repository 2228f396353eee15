import { type Static, type TSchema, Type } from 'typebox';
import { DIRECTIONS, DOOR_STATES, LIFT_MODES } from '../../core/index.ts';

const closed = { additionalProperties: false } as const;

const Path = Type.String({
  pattern: '^[^.\\s]+(\\.[^.\\s]+)*$',
  maxLength: 200,
  expected: 'keys joined by dots, as status.door or io.0',
  description: 'Where in the vendor’s message it stands: keys joined by dots; a number picks from a list.',
});
const found = (what: string): string => `By what the vendor sends (as text: "3", "true", "OPN"): ${what}`;
const Ignore = Type.Optional(
  Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: 'What the vendor sends when it does not know, as 65535 or "--": the field is then unknown.',
  }),
);
const Bit = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 31,
    description: 'Which bit of a whole number is meant; 0 is the lowest.',
  }),
);
const Scale = Type.Optional(
  Type.Number({ description: 'What the number is multiplied by, before `offset` is added. Default 1.' }),
);
const Offset = Type.Optional(Type.Number({ description: 'What is added after scaling. Default 0.' }));

function constant<S extends TSchema>(schema: S) {
  return Type.Optional(
    Type.Unsafe<Static<S>>({ ...schema, description: 'Instead of `path`: it is always this.' }),
  );
}

const literals = <T extends string>(list: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(list.map((word) => Type.Literal(word))));

/** One of our words: an enumeration, or a bit that says yes or no. */
function wordRule<T extends string>(list: readonly T[], description: string) {
  const word = literals<T | 'unknown'>([...list, 'unknown']);
  return Type.Optional(
    Type.Object(
      {
        path: Type.Optional(Path),
        constant: constant(literals(list)),
        bit: Bit,
        values: Type.Optional(
          Type.Record(Type.String(), word, {
            description: `${found(list.join(', '))} or unknown. What is not listed is unknown, and counted.`,
          }),
        ),
        ignore: Ignore,
      },
      { ...closed, description },
    ),
  );
}

function numberRule(description: string) {
  return Type.Optional(
    Type.Object(
      {
        path: Type.Optional(Path),
        constant: constant(Type.Number()),
        values: Type.Optional(
          Type.Record(Type.String(), Type.Number(), {
            description: `${found('the number')}, as "G": 0. Others are read as numbers.`,
          }),
        ),
        scale: Scale,
        offset: Offset,
        ignore: Ignore,
      },
      { ...closed, description },
    ),
  );
}

function flagRule(description: string) {
  return Type.Optional(
    Type.Object(
      {
        path: Type.Optional(Path),
        constant: constant(Type.Boolean()),
        bit: Bit,
        values: Type.Optional(
          Type.Record(Type.String(), Type.Boolean(), {
            description: `${found('true or false')}. Without it, true, 1 and "1" are true; false, 0 and "0" false.`,
          }),
        ),
        invert: Type.Optional(Type.Boolean({ description: 'Swaps true and false. Default false.' })),
        ignore: Ignore,
      },
      { ...closed, description },
    ),
  );
}

/** How a vendor's messages are read. What is not named here is not read. */
export const MappingOptions = Type.Object(
  {
    door: wordRule(DOOR_STATES, 'The car door.'),
    doorZone: flagRule('Level with a landing.'),
    floor: numberRule('The landing; rounded to a whole number.'),
    direction: wordRule(
      DIRECTIONS,
      'Where the car goes. A number without `values` is read by its sign: above 0 up, below down.',
    ),
    speed: numberRule('m/s after scaling; the sign is dropped.'),
    mode: wordRule(LIFT_MODES, 'How the lift is run.'),
    load: numberRule('Share of the rated load after scaling: with kg, `scale` is 1 ÷ rated kg.'),
    faults: Type.Optional(
      Type.Object(
        {
          path: Path,
          none: Type.Optional(
            Type.Array(Type.Union([Type.String(), Type.Number()]), {
              description: 'What means "no fault", as 0 or "00". Default: 0, "0" and an empty text.',
            }),
          ),
          bits: Type.Optional(
            Type.Record(Type.String({ pattern: '^([12]?\\d|3[01])$' }), Type.String({ minLength: 1 }), {
              description: 'The fault code that each bit of a whole number stands for, as "4": E21.',
            }),
          ),
          values: Type.Optional(
            Type.Record(Type.String(), Type.String({ minLength: 1 }), {
              description: `${found('the fault code')} as it shall be called. Others keep their own.`,
            }),
          ),
        },
        { ...closed, description: 'Fault codes: one value, a list of them, or a bit mask.' },
      ),
    ),
    alarmButton: flagRule('The alarm button.'),
    ts: Type.Optional(
      Type.Object(
        { path: Path, scale: Scale, offset: Offset },
        {
          ...closed,
          description:
            'When it was said: RFC 3339, or a number that `scale` makes epoch ms of (1000 for seconds). What is neither is ' +
            'dated by its arrival.',
        },
      ),
    ),
    seq: Type.Optional(Type.Object({ path: Path }, { ...closed, description: 'A number that rises.' })),
    id: Type.Optional(Type.Object({ path: Path }, { ...closed, description: 'A text of its own.' })),
  },
  closed,
);
export type MappingOptions = Static<typeof MappingOptions>;
export type FieldRule = NonNullable<MappingOptions[keyof MappingOptions]>;
