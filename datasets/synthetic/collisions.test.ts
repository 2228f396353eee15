import { expect, it } from 'vitest';
import { findCollisions } from './collisions.ts';
import { checkScenario } from './scenario/load.ts';
import { stickBody } from './testing/stick-body.ts';
import { World } from './world.ts';

function collisions(more: object): string[] {
  const scenario = checkScenario({ name: 'test', duration: 8, ...more });
  const bodies = new Map(scenario.people.map((p) => [p.id, stickBody()]));
  return findCollisions(new World(scenario, bodies), bodies).map((c) => c.what);
}
const ann = (to: [number, number]) => ({
  id: 'ann',
  start: { x: 0, z: 2, face: 180 },
  steps: [{ at: 0.5, do: 'walk', to: [to] }],
});
const open = { car: { door: 'open' } };

it('finds nothing where somebody walks in through an open door', () => {
  expect(collisions({ people: [ann([0, 0])], ...open })).toEqual([]);
});

it('finds who walks through a closed door or into a wall', () => {
  const through = ["ann goes through the cabin's walls"];
  expect(collisions({ people: [ann([0, 0])] })).toEqual(through);
  expect(collisions({ people: [ann([0.8, 0])], ...open })).toEqual(through);
});

it('finds who walks through somebody or something', () => {
  const bo = { id: 'bo', start: { x: 0, z: 0.1 } };
  const pram = { id: 'pram', kind: 'pram', start: { x: 0, z: 0.1 } };
  expect(collisions({ people: [ann([0, -0.3]), bo], ...open })).toEqual(['ann and bo go through each other']);
  expect(collisions({ people: [ann([0, -0.3])], objects: [pram], ...open })).toEqual([
    'ann goes through pram',
  ]);
});
