import { type TNumber, Type } from 'typebox';

/** A number with its default, bounds and a description: unit, then what raising and lowering it does. */
export function number(fallback: number, minimum: number, maximum: number, description: string): TNumber {
  return Type.Number({ default: fallback, minimum, maximum, description });
}

/** For objects whose keys are all known and may all be left out. */
export const closed = { additionalProperties: false, default: {} } as const;
