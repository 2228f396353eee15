import { CabinwatchError } from '../core/index.ts';

/** Deeper input is no message of ours, and would overflow whoever walks it by recursion. */
const MAX_DEPTH = 32;

/**
 * Refuses what JSON can carry but a database cannot: NUL and halves of characters in texts.
 * @throws CabinwatchError INPUT_INVALID
 */
export function checkPlain(input: unknown, where: string): void {
  const left: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }];
  for (let item = left.pop(); item; item = left.pop()) {
    const { value, depth } = item;
    if (typeof value === 'string') checkText(value, where);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) {
      throw new CabinwatchError(
        'INPUT_INVALID',
        `${where}: expected at most ${MAX_DEPTH} levels, found more.`,
      );
    }
    for (const [name, inner] of Object.entries(value)) {
      checkText(name, where);
      left.push({ value: inner, depth: depth + 1 });
    }
  }
}

function checkText(text: string, where: string): void {
  if (!/\p{Surrogate}|\0/u.test(text)) return;
  throw new CabinwatchError(
    'INPUT_INVALID',
    `${where}: expected plain text, found a broken character or NUL.`,
  );
}
