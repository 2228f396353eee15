import { describe, expect, test } from 'vitest';
import { readMessage } from '../message.ts';
import { compileMapping } from './compile-mapping.ts';
import type { MappingOptions } from './options.ts';

const map = (options: MappingOptions, vendor: unknown) => compileMapping(options, 'mappings.acme')(vendor);

test('a vendor’s message becomes ours', () => {
  const acme: MappingOptions = {
    door: { path: 'st.dr', values: { 0: 'closed', 1: 'opening', 2: 'open', 3: 'closing' } },
    doorZone: { path: 'st.io', bit: 3, invert: true },
    floor: { path: 'pos', offset: -2, values: { G: 0 } },
    direction: { path: 'v' },
    speed: { path: 'v', scale: 0.001 },
    mode: { constant: 'normal' },
    load: { path: 'kg', scale: 1 / 1000, ignore: [65535] },
    faults: { path: 'err', bits: { 0: 'E01', 4: 'E21' } },
    alarmButton: { path: 'in.1' },
    ts: { path: 'time', scale: 1000 },
    seq: { path: 'n' },
    id: { path: 'uid' },
  };
  const vendor = {
    st: { dr: 2, io: '7' },
    pos: 5,
    v: -1234,
    kg: 250,
    err: 17,
    in: [0, 1],
    time: 1.7e9,
    n: 9,
    uid: 77,
  };
  const { message, unlisted } = map(acme, vendor);
  expect(message).toEqual({
    door: 'open',
    doorZone: true,
    floor: 3,
    direction: 'down',
    speed: 1.234,
    mode: 'normal',
    load: 0.25,
    faults: ['E01', 'E21'],
    alarmButton: true,
    ts: 1.7e12,
    seq: 9,
    id: '77',
  });
  expect(unlisted).toEqual([]);
  expect(readMessage(message)).toHaveProperty('message');
  expect(map(acme, { pos: 'G', kg: 65535 }).message).toEqual({ floor: 0, load: null, mode: 'normal' });
});

describe('one rule', () => {
  test.each<[string, MappingOptions, unknown, Record<string, unknown>]>([
    ['a path that is not there says nothing', { door: { path: 'a.b' } }, { a: 3 }, {}],
    ['our own words need no list', { door: { path: 'd' } }, { d: 'closed' }, { door: 'closed' }],
    [
      'an inherited key is no value',
      { door: { path: 'd', values: { x: 'open' } } },
      { d: 'toString' },
      { door: null },
    ],
    ['an inherited key is no path', { id: { path: 'constructor' } }, {}, {}],
    [
      'null is unknown',
      { speed: { path: 's' }, faults: { path: 'f' } },
      { s: null, f: null },
      { speed: null, faults: null },
    ],
    ['numbers may be texts', { floor: { path: 'f' } }, { f: '12' }, { floor: 12 }],
    [
      'flags by value',
      { doorZone: { path: 'z', values: { Y: true, N: false } } },
      { z: 'N' },
      { doorZone: false },
    ],
    [
      'direction by bit',
      { direction: { path: 'b', bit: 1, values: { 0: 'down', 1: 'up' } } },
      { b: 2 },
      { direction: 'up' },
    ],
    ['direction at rest', { direction: { path: 'v' } }, { v: 0 }, { direction: 'none' }],
    ['one fault', { faults: { path: 'e', values: { 7: 'door' } } }, { e: 7 }, { faults: ['door'] }],
    ['no fault', { faults: { path: 'e' } }, { e: 0 }, { faults: [] }],
    ['a list of faults', { faults: { path: 'e', none: ['--'] } }, { e: ['--', 'E3'] }, { faults: ['E3'] }],
    ['a time as text', { ts: { path: 't' } }, { t: '2026-01-05T00:00:00Z' }, { ts: Date.UTC(2026, 0, 5) }],
    [
      'a time of no known form',
      { ts: { path: 't' }, floor: { path: 'f' } },
      { t: '05/01/26', f: 1 },
      { floor: 1 },
    ],
  ])('%s', (_name, options, vendor, expected) => {
    expect(map(options, vendor).message).toEqual(expected);
  });

  test('what no list has is unknown and named', () => {
    const options: MappingOptions = { door: { path: 'd', values: { 1: 'open' } }, floor: { path: 'f' } };
    expect(map(options, { d: 9, f: 'roof' })).toEqual({
      message: { door: null, floor: null },
      unlisted: ['door', 'floor'],
    });
  });
});

test.each<[unknown, string]>([
  [{}, 'mappings.acme: expected at least one of'],
  [{ door: {} }, 'mappings.acme.door: expected exactly one of path and constant, found none'],
  [
    { mode: { path: 'm', constant: 'normal' } },
    'mappings.acme.mode: expected exactly one of path and constant, found both',
  ],
  [{ door: { path: 'd', values: { 1: 'ajar' } } }, 'mappings.acme.door.values.1: '],
  [{ door: { path: 'd..x' } }, 'mappings.acme.door.path: '],
  [{ dor: { path: 'd' } }, 'mappings.acme'],
])('%j is refused when it is loaded, naming the path', (options, detail) => {
  expect(() => compileMapping(options as MappingOptions, 'mappings.acme')).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(detail) }),
  );
});
