import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlayToken, signPlayToken } from './tokens.ts';

const SECRET = 'a secret of the test';
const token = signPlayToken(SECRET, 'cam-1', 60_000);

describe('play tokens', () => {
  it('are valid for their camera until they expire', () => {
    expect(checkPlayToken(SECRET, 'cam-1', token, 0)).toBe('valid');
    expect(checkPlayToken(SECRET, 'cam-1', token, 59_999)).toBe('valid');
    expect(checkPlayToken(SECRET, 'cam-1', token, 60_000)).toBe('expired');
  });

  it('are wrong for another camera or secret', () => {
    expect(checkPlayToken(SECRET, 'cam-2', token, 0)).toBe('wrong');
    expect(checkPlayToken('another', 'cam-1', token, 0)).toBe('wrong');
  });

  it('cannot be made to last longer', () => {
    const [, signature] = token.split('.');
    expect(checkPlayToken(SECRET, 'cam-1', `zzzzzzzz.${signature}`, 0)).toBe('wrong');
  });

  it('are wrong when anything in them is changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: token.length - 1 }),
        fc.constantFrom('0', 'A', '.', 'z'),
        (at, letter) => {
          fc.pre(token[at] !== letter);
          const changed = token.slice(0, at) + letter + token.slice(at + 1);
          // The last of 43 base64 letters carries two spare bits: letters that differ in those alone are the same bytes.
          fc.pre(
            !Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(
              Buffer.from(token.split('.')[1] ?? '', 'base64url'),
            ) || changed.split('.')[0] !== token.split('.')[0],
          );
          expect(checkPlayToken(SECRET, 'cam-1', changed, 0)).not.toBe('valid');
        },
      ),
    );
  });

  it('are wrong, not an error, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(checkPlayToken(SECRET, 'cam-1', text, 0)).toBe('wrong');
      }),
    );
  });
});
