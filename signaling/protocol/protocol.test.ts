import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientMessage } from './codec.ts';
import { RateLimit } from './rate-limit.ts';

describe('a message from a client', () => {
  it('may hold fields that are not known yet', () => {
    expect(parseClientMessage('{"type":"pong","colour":"red"}')).toMatchObject({ type: 'pong' });
  });

  it.each([
    ['{', 'BAD_MESSAGE', /not JSON/],
    ['null', 'BAD_MESSAGE', /"type"/],
    ['[1]', 'BAD_MESSAGE', /"type"/],
    ['{"type":7}', 'BAD_MESSAGE', /"type"/],
    ['{"type":"dance"}', 'UNKNOWN_TYPE', /no such message/],
    ['{"type":"toString"}', 'UNKNOWN_TYPE', /no such message/],
    ['{"type":"answer"}', 'BAD_MESSAGE', /^answer/],
    ['{"type":"report","callId":"c","peer":"p","media":"fine"}', 'BAD_MESSAGE', /^report\/media/],
    ['{"type":"signal","to":"p","callId":"c","generation":-1}', 'BAD_MESSAGE', /^signal\/generation/],
    ['{"type":"hello","versions":[],"instance":"i"}', 'BAD_MESSAGE', /^hello\/versions/],
  ])('%s is refused: %s', (text, code, message) => {
    expect(() => parseClientMessage(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('of any kind at all is either read or refused, and never repeated in the refusal', () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ minLength: 6 }), (json, secret) => {
        for (const text of [
          json,
          JSON.stringify({ type: 'hello', token: [secret], versions: [1], instance: 'i' }),
        ]) {
          try {
            parseClientMessage(text);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ProtocolError' });
            expect((error as Error).message).toMatch(/^(hello\/token: |The message|This server)/);
          }
        }
      }),
      { seed: 3 },
    );
  });
});

describe('the rate limit', () => {
  it('lets a burst through, then the average', () => {
    const limit = new RateLimit({ perSecond: 10, burst: 5 }, 0);
    expect(Array.from({ length: 6 }, () => limit.take(0))).toEqual([true, true, true, true, true, false]);
    expect(limit.take(99)).toBe(false);
    expect(limit.take(210)).toBe(true);
  });

  it('never lets more through than burst and average together, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -200, max: 300 }), { maxLength: 300 }), (steps) => {
        const limit = new RateLimit({ perSecond: 10, burst: 5 }, 0);
        let now = 0;
        let passed = 0;
        let forward = 0;
        for (const step of steps) {
          now += step;
          forward += Math.max(0, step);
          if (limit.take(now)) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(5 + forward / 100 + 1e-6);
      }),
      { seed: 4 },
    );
  });
});
