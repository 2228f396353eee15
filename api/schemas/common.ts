import { type TObject, type TSchema, Type } from 'typebox';

/** What several routes share. Times are epoch ms. */

/** Latest moment that a JavaScript date can hold. */
const MAX_TIME = 8.64e15;

/** Nothing that a path, a log or a database reads as anything but a name. */
export const Id = Type.String({ pattern: '^[\\w.:-]{1,100}$' });
export const Time = Type.Integer({ minimum: 0, maximum: MAX_TIME });

export const IdParams = Type.Object({ id: Id });
export const LiftParams = Type.Object({ liftId: Id });

/** A value, or several of it: `?kind=fall&kind=entrapment`. */
export const oneOrMore = <T extends TSchema>(type: T) =>
  Type.Union([type, Type.Array(type, { minItems: 1, maxItems: 100 })]);

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : [value as T];
}

export const limit = (preset: number, maximum: number) =>
  Type.Optional(
    Type.Integer({ minimum: 1, maximum, description: `At most so many; ${preset} if left out.` }),
  );

/** An object of which nothing else is taken. */
export const strict = <P extends Record<string, TSchema>>(properties: P): TObject<P> =>
  Type.Object(properties, { additionalProperties: false });

export const Nothing = Type.Null({ description: 'Done.' });

export const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);

/** What stands in the document's components under this name, with `T` as its type here. */
export const ref = <T>(name: string) => Type.Unsafe<T>({ $ref: `${name}#` });

export const ErrorBody = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: 'Stable; from the table of errors.' }),
      message: Type.String({ description: 'What was wrong, where, and what to do.' }),
      retryable: Type.Boolean({ description: 'False: the same thing again cannot help.' }),
      problems: Type.Optional(
        Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
          description: 'Every mistake of the input by its place, where they can be told apart.',
        }),
      ),
    }),
  },
  { $id: 'Error' },
);
