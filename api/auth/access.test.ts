import { expect, it } from 'vitest';
import { ROLES, type Role, type Scope } from '../../core/index.ts';
import { type Identity, mayUse, SOMEBODY_HERE } from './access.ts';

const person = (role: Role, groups?: readonly string[]): Identity => ({
  ...SOMEBODY_HERE,
  role,
  groups,
});
const key = (...scopes: Scope[]): Identity => ({ ...SOMEBODY_HERE, role: undefined, scopes });

it('a role may do what the ones before it may, and no more', () => {
  const table = ROLES.map((has) => ROLES.map((needed) => mayUse(person(has), { role: needed })));
  expect(table).toEqual([
    [true, false, false, false],
    [true, true, false, false],
    [true, true, true, false],
    [true, true, true, true],
  ]);
});

it('a key needs the scope itself, and is nobody where there is none', () => {
  const access = { role: 'viewer', scope: 'media:read' } as const;
  expect(mayUse(key('media:read', 'lifts:read'), access)).toBe(true);
  expect(mayUse(key('lifts:read'), access)).toBe(false);
  expect(mayUse(key('media:read'), { role: 'viewer' })).toBe(false);
  expect(mayUse(key(), 'known')).toBe(true);
});

it('what tells of every lift is not for those who see only some', () => {
  const access = { role: 'viewer', everyLift: true } as const;
  expect(mayUse(person('admin'), access)).toBe(true);
  expect(mayUse(person('admin', ['a']), access)).toBe(false);
});
