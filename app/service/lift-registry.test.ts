import { expect, test } from 'vitest';
import { type Lift, parseConfig } from '../../config/index.ts';
import { CabinwatchError, type LiftRecord, ManualClock, silentLogger } from '../../core/index.ts';
import { LiftRegistry } from './lift-registry.ts';

const settings = (id: string, name = id) => ({ id, name, camera: { publishKey: '12345678' } });
const fromFile = (...ids: string[]) =>
  parseConfig(JSON.stringify({ lifts: ids.map((id) => settings(id)) }), 'the test').lifts;

/** A store in memory, which may be away. */
function stage(kept: readonly LiftRecord[] = []) {
  const records = new Map(kept.map((record) => [record.id, record]));
  const stored = { away: false };
  const store = {
    async lifts() {
      if (stored.away) throw new CabinwatchError('STORAGE_UNAVAILABLE');
      return [...records.values()];
    },
    async put(record: LiftRecord) {
      records.set(record.id, record);
    },
    async remove(id: string) {
      records.delete(id);
    },
  };
  return { records, stored, deps: { store, clock: new ManualClock(1000), logger: silentLogger } };
}

/** Writes down what it is told; refuses lifts of one name. */
function part(label: string, told: string[], refuses?: string) {
  return {
    put({ id, name }: Pick<Lift, 'id' | 'name'>) {
      if (name === refuses) throw new CabinwatchError('CONFLICT', `${label} does not want ${name}`);
      told.push(`${label} ${id} ${name}`);
    },
    remove: (id: string) => void told.push(`${label} -${id}`),
  };
}

test('what was set by the API stands over the file; what is no longer valid is left out', async () => {
  const { deps } = stage([
    { id: 'a', settings: settings('a', 'Tower A'), changedAt: 5 },
    { id: 'broken', settings: { id: 'broken' }, changedAt: 6 },
  ]);
  const registry = await LiftRegistry.open(fromFile('a', 'b'), deps);
  expect(registry.list().map(({ id, name, changedAt }) => [id, name, changedAt])).toEqual([
    ['a', 'Tower A', 5],
    ['b', 'b', 1000],
  ]);
});

test('a change goes to all parts in order; where one refuses, all are as they were', async () => {
  const { deps, records } = stage();
  const registry = await LiftRegistry.open(fromFile('a'), deps);
  const told: string[] = [];
  registry.join(part('first', told));
  registry.join(part('second', told, 'bad'));
  await registry.put(settings('c'));
  expect(told).toEqual(['first c c', 'second c c']);
  expect(records.get('c')?.settings).toEqual(settings('c'));

  told.length = 0;
  await expect(registry.put(settings('c', 'bad'))).rejects.toThrow('second does not want bad');
  expect(told).toEqual(['first c bad', 'second c c', 'first c c']);
  expect(registry.get('c')?.name).toBe('c');
  await expect(registry.put(settings('new', 'bad'))).rejects.toThrow();
  expect(told.slice(-2)).toEqual(['second -new', 'first -new']);
  expect(registry.get('new')).toBeUndefined();
});

test('lifts of the file stay, others can be removed, the last part first', async () => {
  const { deps, records } = stage([{ id: 'c', settings: settings('c'), changedAt: 5 }]);
  const registry = await LiftRegistry.open(fromFile('a'), deps);
  const told: string[] = [];
  for (const label of ['first', 'second']) registry.join(part(label, told));
  await expect(registry.remove('a')).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(registry.remove('z')).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  await registry.remove('c');
  expect(told).toEqual(['second -c', 'first -c']);
  expect(records.has('c')).toBe(false);
});

test('what cannot be read at the start is handed on later, once', async () => {
  const { deps, stored } = stage([{ id: 'c', settings: settings('c'), changedAt: 5 }]);
  stored.away = true;
  const registry = await LiftRegistry.open(fromFile('a'), deps);
  const told: string[] = [];
  registry.join(part('only', told));
  await expect(registry.takeUp()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(registry.lifts.map(({ id }) => id)).toEqual(['a']);
  stored.away = false;
  await registry.takeUp();
  await registry.takeUp();
  expect(told).toEqual(['only c c']);
  expect(registry.get('c')?.changedAt).toBe(5);
});
