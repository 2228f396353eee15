import { Value } from 'typebox/value';
import { expect, it } from 'vitest';
import { CameraOptions, ClipOptions, MediaOptions } from './options.ts';

it('has defaults that are valid, and a description for every key', () => {
  for (const schema of [CameraOptions, ClipOptions, MediaOptions]) {
    const value = Value.Default(schema, {});
    expect([...Value.Errors(schema, value)]).toEqual([]);
    for (const key of Object.values(schema.properties)) expect(key).toHaveProperty('description');
  }
});

it('does not let a camera be offline for longer than ten seconds without it being known', () => {
  const value = Value.Default(CameraOptions, { offlineAfter: 11 });
  expect(Value.Check(CameraOptions, value)).toBe(false);
});
