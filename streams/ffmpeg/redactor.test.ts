import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';

const secret = fc.stringMatching(/^[!-~]{3,30}$/);

it('leaves nothing of a secret, plain or encoded, in any text', () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (password, before, after) => {
      fc.pre(!'***'.includes(password));
      const text = `${before}${password}${after} ${encodeURIComponent(password)}`;
      expect(createRedactor([password])(text)).not.toContain(password);
    }),
  );
});

it('hides a secret that holds another one as a whole', () => {
  expect(createRedactor(['pass', 'password1'])('login password1, pass')).toBe('login ***, ***');
});

it('hides credentials of addresses it knows nothing of, also with an @ in them', () => {
  expect(createRedactor([])('opening rtsp://u:p@ss@host/x failed')).toBe('opening rtsp://***@host/x failed');
});

it('does not blot out every letter of a one-letter password', () => {
  expect(createRedactor(['a', undefined, ''])('a camera')).toBe('a camera');
});
