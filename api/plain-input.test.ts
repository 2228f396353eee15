import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkPlain } from './plain-input.ts';

it('takes any JSON of whole characters', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((t) => !t.includes('\u0000'));
  const json = fc.jsonValue({ stringUnit: 'grapheme' }).filter((v) => !JSON.stringify(v).includes('\\u0000'));
  fc.assert(
    fc.property(json, text, (value, word) => {
      checkPlain({ value, [word]: word }, 'body');
    }),
    { seed: 38 },
  );
});

it.each([
  ['NUL', { a: ['x\u0000'] }],
  ['half a character', { a: '\ud83d' }],
  ['NUL in a name', { 'a\u0000': 1 }],
])('refuses %s wherever it stands', (_what, input) => {
  expect(() => checkPlain(input, 'body')).toThrow(/^body: expected plain text/);
});

it('refuses what is nested without end, and does not itself break on it', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  expect(() => checkPlain(deep, 'body')).toThrow(/at most 32 levels/);
});
