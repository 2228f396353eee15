import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLE_RIGHTS } from '../rooms/roles.ts';
import type { Grant } from './grant.ts';
import { NonceBook } from './nonce-book.ts';
import { TokenSigner } from './token-signer.ts';

const signer = new TokenSigner('one secret of thirty-two characters');
const GRANT: Omit<Grant, 'nonce'> = {
  kind: 'join',
  liftId: 'tower-a-1',
  role: 'operator',
  identity: 'u1',
  name: '张三',
  rights: [...ROLE_RIGHTS.operator],
  issuedAt: 1_000,
  expiresAt: 61_000,
};

describe('a token', () => {
  it('says what was signed, and is never the same twice', () => {
    const token = signer.sign(GRANT);
    expect(signer.read(token, 2_000)).toMatchObject(GRANT);
    expect(signer.sign(GRANT)).not.toBe(token);
  });

  it('ends when it says', () => {
    const token = signer.sign(GRANT);
    expect(signer.read(token, 60_999).identity).toBe('u1');
    expect(() => signer.read(token, 61_000)).toThrow(expect.objectContaining({ code: 'TOKEN_EXPIRED' }));
  });

  it('of another secret is refused', () => {
    const token = new TokenSigner('another secret of thirty-two chars.').sign(GRANT);
    expect(() => signer.read(token, 2_000)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }));
  });

  it('cannot be changed in any place', () => {
    const token = signer.sign(GRANT);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '.', '9', ''), (at, put) => {
        const forged = token.slice(0, at) + put + token.slice(at + 1);
        // The last character of base64url may hold bits that mean nothing.
        fc.pre(forged !== token && at < token.length - 1);
        expect(() => signer.read(forged, 2_000)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }));
      }),
      { seed: 7 },
    );
  });

  it.each(['', '.', 'cw1..', 'cw1.e30.', 'not a token', '🚪.🚪.🚪'])('%j is none', (text) => {
    expect(() => signer.read(text, 0)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }));
  });
});

describe('the book of used tokens', () => {
  const token = (nonce: string, issuedAt = 100, expiresAt = 60_100) => ({ nonce, issuedAt, expiresAt });

  it('lets each be used once', () => {
    const book = new NonceBook(0);
    expect(book.use(token('a'), 200)).toBe(true);
    expect(book.use(token('a'), 201)).toBe(false);
    expect(book.use(token('b'), 202)).toBe(true);
  });

  it('refuses those from before a start, which it can’t know of', () => {
    expect(new NonceBook(150).use(token('a'), 200)).toBe(false);
  });

  it('forgets those that have run out', () => {
    const book = new NonceBook(0);
    for (let n = 0; n < 1000; n += 1) book.use(token(`n${n}`), 200);
    book.use(token('late', 70_000, 130_000), 70_000);
    expect(book.size).toBe(1);
  });
});
