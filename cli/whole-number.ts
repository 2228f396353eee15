import { InvalidArgumentError } from 'commander';

/** Reads an option's value: a whole number, `minimum` or more. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < minimum)
      throw new InvalidArgumentError(`expected a whole number from ${minimum}.`);
    return value;
  };
}
