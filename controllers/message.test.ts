import { expect, test } from 'vitest';
import { readMessage } from './message.ts';

test('a whole message is read as it is', () => {
  const message = {
    ts: 1_767_600_000_000,
    seq: 4,
    id: 'x-4',
    door: 'open',
    doorZone: true,
    floor: -1,
    direction: 'none',
    speed: 0,
    mode: 'normal',
    load: 0.3,
    faults: ['E21'],
    alarmButton: false,
  };
  expect(readMessage(message)).toEqual({ message });
});

test('times with a zone become ms, and unknown becomes null', () => {
  const read = readMessage({ ts: '2026-01-05T08:00:00.250+08:00', door: 'unknown', mode: null });
  expect(read).toEqual({ message: { ts: Date.UTC(2026, 0, 5, 0, 0, 0, 250), door: null, mode: null } });
});

test('keys that are not ours do not matter', () => {
  expect(readMessage({ door: 'open', firmware: '1.2' })).toHaveProperty('message.door', 'open');
});

test.each([
  [[], 'expected a JSON object, found []'],
  [null, 'expected a JSON object, found null'],
  ['open', 'expected a JSON object, found "open"'],
  [{ dor: 'open' }, 'expected at least one of ts, seq, id, door'],
  [{ door: 'ajar' }, 'door: expected one of open, opening, closing, closed, unknown, or null, found "ajar"'],
  [{ floor: 1.5 }, 'floor: expected a whole number from -200 to 500, or null, found 1.5'],
  [{ speed: -1 }, 'speed: expected a number from 0 to 30, or null, found -1'],
  [{ faults: 'E1' }, 'faults: expected a list of up to 64 fault codes, each a text, or null, found "E1"'],
  [{ alarmButton: 1 }, 'alarmButton: expected true or false, or null, found 1'],
  [{ seq: -1 }, 'seq: expected a whole number from 0, found -1'],
  [{ ts: '2026-01-05T08:00:00.000' }, 'ts: expected epoch milliseconds or an RFC 3339 time with its zone'],
  [{ ts: 'yesterday, about noon' }, 'ts: expected epoch milliseconds or an RFC 3339 time with its zone'],
])('%j is refused, saying why', (value, problem) => {
  expect(readMessage(value)).toHaveProperty('problem', expect.stringContaining(problem));
});
