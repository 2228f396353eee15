import { expect, test } from 'vitest';
import { type StorageState, silentLogger } from '../../core/index.ts';
import { until } from '../../tests/fixtures/until.ts';
import { createTakeUp } from './take-up.ts';

test('parts take up in order, once the storage is well, and again from the first where one cannot', async () => {
  let state: StorageState = 'journalling';
  let failures = 1;
  const taken: string[] = [];
  const takeUp = createTakeUp({
    storage: { health: () => ({ state }) },
    parts: [
      { takeUp: async () => void taken.push('lifts') },
      {
        async takeUp() {
          if (failures-- > 0) throw new Error('away again');
          taken.push('incidents');
        },
      },
    ],
    logger: silentLogger,
  });
  await takeUp.now();
  expect(taken).toEqual([]);
  state = 'ok';
  takeUp.keepTrying();
  await until(() => taken.includes('incidents'));
  expect(taken).toEqual(['lifts', 'lifts', 'incidents']);
  await takeUp.close();
});

test('what was taken up at the start is not taken up again, and closing ends the trying', async () => {
  let asked = 0;
  const storage = { health: () => ({ state: 'ok' as const }) };
  const good = createTakeUp({ storage, parts: [{ takeUp: async () => void asked++ }], logger: silentLogger });
  await good.now();
  good.keepTrying();
  await good.close();
  expect(asked).toBe(1);
  const bad = createTakeUp({
    storage: { health: () => ({ state: 'journalling' as const }) },
    parts: [],
    logger: silentLogger,
  });
  bad.keepTrying();
  await bad.close();
});
