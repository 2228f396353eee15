import { describe, expect, it } from 'vitest';
import { PairingCodes } from './pairing-codes.ts';

const VALID_MS = 15 * 60_000;
/** Letters one after the other: `2345-6789`, `ABCD-EFGH` … */
const codes = (): PairingCodes<string> => {
  let next = 0;
  return new PairingCodes(VALID_MS, (below) => next++ % below);
};

describe('a pairing code', () => {
  it('is taken as people type it, once', () => {
    const all = codes();
    expect(all.invite('l1', 'Li', 0)).toEqual({ code: '2345-6789', expiresAt: VALID_MS });
    all.invite('l2', 'Wang', 0);
    expect(all.redeem('l2', ' abcd efgh ', 1)).toEqual({ by: 'Wang' });
    expect(all.redeem('l2', 'ABCD-EFGH', 2)).toBe('wrong');
    expect(all.redeem('l1', '23456789', 3)).toEqual({ by: 'Li' });
  });

  it('holds for its lift, until it is too old or another was given out', () => {
    const all = codes();
    const { code } = all.invite('l1', 'Li', 0);
    expect(all.redeem('l2', code, 1)).toBe('wrong');
    expect(all.redeem('l1', code, VALID_MS)).toBe('wrong');
    const first = all.invite('l1', 'Li', VALID_MS);
    const second = all.invite('l1', 'Li', VALID_MS + 1);
    expect(all.redeem('l1', first.code, VALID_MS + 2)).toBe('wrong');
    expect(all.redeem('l1', second.code, VALID_MS + 3)).toEqual({ by: 'Li' });
  });

  it('is worth nothing after a hundred guesses, at no cost to other lifts', () => {
    const all = codes();
    const { code } = all.invite('l1', 'Li', 0);
    const other = all.invite('l2', 'Wang', 0);
    for (let guess = 0; guess < 100; guess++) expect(all.redeem('l1', `guess ${guess}`, guess)).toBe('wrong');
    expect(all.redeem('l1', code, 200)).toBe('too-many');
    expect(all.redeem('l2', other.code, 200)).toEqual({ by: 'Wang' });
    const { code: next } = all.invite('l1', 'Li', 300);
    expect(all.redeem('l1', next, 301)).toEqual({ by: 'Li' });
  });
});
