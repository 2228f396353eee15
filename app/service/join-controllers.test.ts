import { expect, test } from 'vitest';
import { parseConfig } from '../../config/index.ts';
import type { LiftWithController } from '../../controllers/index.ts';
import { joinControllers } from './join-controllers.ts';

const lifts = (...entries: { readonly id: string; readonly controller?: object }[]) =>
  entries.map(
    (lift) =>
      parseConfig(JSON.stringify({ lifts: [{ camera: { publishKey: '12345678' }, ...lift }] }), 'the test')
        .lifts[0],
  );

test('the intake gets all lifts with a controller at every change, and keeps what it had where it refuses', async () => {
  const given: string[][] = [];
  let refuse = false;
  const controllers = {
    async setLifts(next: readonly LiftWithController[]) {
      if (refuse) throw new Error('refused');
      given.push(next.map(({ id, controller }) => `${id} ${controller.user ?? ''}`.trim()));
    },
  };
  const [a, b, c, changed, withoutController] = lifts(
    { id: 'a', controller: {} },
    { id: 'b' },
    { id: 'c', controller: { user: 'gateway' } },
    { id: 'd', controller: {} },
    { id: 'a' },
  );
  if (!a || !b || !c || !changed || !withoutController) throw new Error('there are five');
  const part = await joinControllers([a, b], controllers);
  await part.put(c);
  refuse = true;
  await expect(async () => part.put(changed)).rejects.toThrow('refused');
  refuse = false;
  await part.put(withoutController);
  await part.remove('c');
  expect(given).toEqual([['a'], ['a', 'c gateway'], ['c gateway'], []]);
});
