import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { doorwayOf } from './doorway.ts';
import { checkScenario, loadScenario } from './scenario/load.ts';
import { readTruth } from './truth/read.ts';

const CLIP = fileURLToPath(new URL('./clips/ordinary-ride/', import.meta.url));
const [LEFT_ANKLE, RIGHT_ANKLE] = [15, 16];

function contains(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (const [i, [x1, y1]] of polygon.entries()) {
    const [x2, y2] = polygon[(i + 1) % polygon.length] ?? [0, 0];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

test('whoever is seen on the landing stands in the doorway, and whoever is inside does not', async () => {
  const doorway = doorwayOf(await loadScenario(`${CLIP}scenario.yaml`));
  const { frames } = await readTruth(`${CLIP}truth.jsonl.gz`);
  const wrong = { landing: 0, cabin: 0 };
  const seen = { landing: 0, cabin: 0 };
  for (const { people } of frames) {
    for (const { keypoints, inside } of people) {
      const [left, right] = [keypoints[LEFT_ANKLE], keypoints[RIGHT_ANKLE]];
      if (left?.[2] !== 2 || right?.[2] !== 2) continue;
      const where = inside ? 'cabin' : 'landing';
      seen[where]++;
      if (contains(doorway, (left[0] + right[0]) / 2, (left[1] + right[1]) / 2) === inside) wrong[where]++;
    }
  }
  expect(seen.landing).toBeGreaterThan(20);
  expect(seen.cabin).toBeGreaterThan(200);
  // Whoever is on the sill is a matter of centimetres.
  expect(wrong.landing / seen.landing).toBeLessThan(0.15);
  expect(wrong.cabin / seen.cabin).toBeLessThan(0.03);
});

test('a camera over the door, which does not see the sill, has no doorway', () => {
  const scenario = checkScenario({ name: 'x', duration: 1, camera: { mount: 'front-left' } });
  expect(doorwayOf(scenario)).toEqual([]);
});
