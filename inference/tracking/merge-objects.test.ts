import { expect, test } from 'vitest';
import { inferenceOptions } from '../options.ts';
import { boxAt } from '../testing/scenes.ts';
import { mergeObjects } from './merge-objects.ts';

const LABELS = inferenceOptions().ebike.labels;
const thing = (label: string, score: number, box = boxAt(0.5)) => ({ label, score, box });

test('one bike seen by several passes under two labels is one thing', () => {
  const merged = mergeObjects(
    [
      thing('motorcycle', 0.4),
      thing('bicycle', 0.45, boxAt(0.52)),
      thing('bicycle', 0.3, boxAt(0.5, 0.6, 0.1, 0.3)),
    ],
    LABELS,
  );
  expect(merged).toEqual([thing('motorcycle', 0.4)]);
});

test('a bicycle that looks a little like a motorcycle stays a bicycle', () => {
  expect(mergeObjects([thing('motorcycle', 0.3), thing('bicycle', 0.7)], LABELS)[0]?.label).toBe('bicycle');
});

test('two bikes apart are two, and labels that say nothing of bikes are left out', () => {
  const merged = mergeObjects(
    [thing('ebike', 0.5, boxAt(0.2)), thing('ebike', 0.6, boxAt(0.8)), thing('dog', 0.9)],
    LABELS,
  );
  expect(merged.map((d) => d.score)).toEqual([0.6, 0.5]);
});
