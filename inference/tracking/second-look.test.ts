import { expect, test } from 'vitest';
import { boxAt } from '../testing/scenes.ts';
import { agreed, leadOf } from './second-look.ts';

const LABELS = {
  ebike: { score: 0.6, clear: 0.75, weight: 1, twice: true },
  motorcycle: { score: 0.3, clear: 0.45, weight: 1 },
};
const ALL = { x1: 0, y1: 0, x2: 1, y2: 1 };
const thing = (label: string, score: number, box = boxAt(0.5)) => ({ label, score, box });

test('what has to be seen twice has the geometric mean of both looks', () => {
  const closer = { region: ALL, found: [thing('ebike', 1), thing('ebike', 0.9, boxAt(0.1))] };
  expect(agreed([thing('ebike', 0.25)], [closer], LABELS)).toEqual([thing('ebike', 0.5)]);
});

test('it does not count where the closer look finds nothing, something else, or does not take it in', () => {
  const seen = [thing('ebike', 0.9)];
  expect(agreed(seen, [], LABELS)).toEqual([]);
  expect(agreed(seen, [{ region: ALL, found: [] }], LABELS)).toEqual([]);
  expect(agreed(seen, [{ region: ALL, found: [thing('motorcycle', 0.9)] }], LABELS)).toEqual([
    thing('motorcycle', 0.9),
  ]);
  const beside = { region: { x1: 0.5, y1: 0, x2: 1, y2: 1 }, found: seen };
  expect(agreed(seen, [beside], LABELS)).toEqual([]);
});

test('a closer look alone is no second one', () => {
  expect(agreed([], [{ region: ALL, found: [thing('ebike', 0.9)] }], LABELS)).toEqual([]);
});

test('labels that one look is enough for count wherever they were found', () => {
  const found = [thing('motorcycle', 0.3, boxAt(0.2))];
  expect(agreed([thing('motorcycle', 0.2)], [{ region: ALL, found }], LABELS)).toHaveLength(2);
});

test('the next look goes where something could still come to count', () => {
  const where = (score: number) => leadOf([thing('ebike', score)], [], { labels: LABELS, lead: 0.15 });
  expect(where(0.35)).toBeUndefined();
  expect(where(0.37)).toEqual(boxAt(0.5));
  const close = [{ region: ALL, found: [thing('motorcycle', 0.16, boxAt(0.2)), thing('ebike', 0.9)] }];
  expect(leadOf([], close, { labels: LABELS, lead: 0.15 })).toEqual(boxAt(0.2));
});
