import { execFileSync } from 'node:child_process';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { TurnOptions } from '../options.ts';
import { turnCredentials } from './credentials.ts';
import { createIceIssuer } from './ice-servers.ts';

const options = (some: object): TurnOptions => Value.Parse(TurnOptions, Value.Default(TurnOptions, some));

describe('TURN credentials', () => {
  it('are what openssl makes of the same secret and name', () => {
    const { username, credential } = turnCredentials('north', 'op-1', 1_700_000_000_500, 14_400);
    expect(username).toBe('1700014400:op-1');
    const mac = execFileSync('openssl', ['dgst', '-sha1', '-hmac', 'north', '-binary'], { input: username });
    expect(credential).toBe(mac.toString('base64'));
  });
});

describe('ICE servers', () => {
  it('are those of the configuration; only TURN’s bear credentials', () => {
    const issue = createIceIssuer(options({ stun: ['stun:s:3478'], turn: ['turn:t:3478'], secret: 'x' }));
    expect(issue('op', 0)).toEqual({
      servers: [
        { urls: ['stun:s:3478'] },
        { urls: ['turn:t:3478'], username: '14400:op', credential: expect.stringMatching(/^[\w+/]{27}=$/) },
      ],
      ttlMs: 14_400_000,
      relayOnly: false,
    });
  });

  it('may be none', () => {
    expect(createIceIssuer(options({}))('op', 0).servers).toEqual([]);
  });

  it.each([
    [{ turn: ['turn:t:3478'] }, /secret is empty/],
    [{ turn: ['turn:t:3478'], secret: '  ' }, /secret is empty/],
    [{ relayOnly: true }, /names no server/],
  ])('with %j keep the service from starting', (some, message) => {
    expect(() => createIceIssuer(options(some))).toThrow(message);
  });

  it('hold at most a day', () => {
    expect(Value.Check(TurnOptions, { ...options({}), ttlSeconds: 86_401 })).toBe(false);
  });
});
