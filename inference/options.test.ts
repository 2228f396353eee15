import { expect, test } from 'vitest';
import { InferenceOptions, inferenceOptions } from './options.ts';

test('defaults fill in everything and an override keeps its neighbours', () => {
  const all = inferenceOptions({ crowding: { moreThan: 8 } });
  expect(all.crowding).toMatchObject({ moreThan: 8, looks: 3 });
  expect(all.ebike.labels.motorcycle?.weight).toBe(1);
  expect(all.objects.highScore).toBeLessThan(all.people.highScore);
});

test('two lifts never share one options object', () => {
  const first = inferenceOptions();
  first.ebike.labels.ebike!.score = 0.99;
  expect(inferenceOptions().ebike.labels.ebike?.score).not.toBe(0.99);
});

test('every wrong key is named at once', () => {
  const bad = { crowding: { moreThan: 0 }, gate: { idleFps: 'one' } } as never;
  expect(() => inferenceOptions(bad)).toThrow(/crowding\.moreThan.*|gate\.idleFps.*/);
  try {
    inferenceOptions(bad);
  } catch (error) {
    expect(String(error)).toContain('inference.crowding.moreThan');
    expect(String(error)).toContain('inference.gate.idleFps');
  }
});

test('every option says what it does', () => {
  for (const section of Object.values(InferenceOptions.properties)) {
    for (const [key, option] of Object.entries(section.properties)) {
      expect((option as { description?: string }).description, key).toBeTruthy();
    }
  }
});
