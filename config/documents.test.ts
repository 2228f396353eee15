import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { configExample, configReference } from './documents.ts';
import { checkConfig, parseConfig } from './load.ts';
import { formatProblem } from './read.ts';
import { ConfigSchema } from './schema.ts';
import { shapeOf } from './schema-shape.ts';
import { walkGroups } from './walk-schema.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const ENVIRONMENT = { CAMERA_PASSWORD: 'x', PUBLISH_KEY: 'a-long-publish-key' };

test('the example and the reference in the project are what the schemas give (else: npm run generate)', () => {
  expect(read('./example.yaml')).toBe(configExample());
  expect(read('../docs/4-reference/config.md')).toBe(configReference());
});

test('the example is valid as it stands', () => {
  expect(checkConfig(configExample(), ENVIRONMENT).problems.map(formatProblem)).toEqual([]);
});

test('the example with every section uncommented is valid and holds nothing but defaults', () => {
  // `#key:` and `#  key:` are settings; `# text` and `## text` are words.
  const live = configExample().replace(/^#(?=[a-z]| {2})/gm, '');
  const { value, problems } = checkConfig(live, ENVIRONMENT);

  expect(problems.map(formatProblem)).toEqual([]);
  const defaults = parseConfig('', 'nothing', {});
  expect({ ...value, lifts: [] }).toEqual({ ...defaults, lifts: [] });
});

test('every key of the configuration, or the group it is in, says what it does', () => {
  const silent = walkGroups(shapeOf(ConfigSchema)).flatMap((group) =>
    group.leaves
      .filter(
        (leaf) => !leaf.schema.description && !(group.schema.description && group.path.split('.').length > 2),
      )
      .filter((leaf) => leaf.schema.const === undefined)
      .map((leaf) => `${group.path}.${leaf.key}`),
  );
  expect(silent).toEqual([]);
});

test('every default fits its own bounds', () => {
  const wrong = walkGroups(shapeOf(ConfigSchema)).flatMap((group) =>
    group.leaves
      .filter(
        ({ schema }) =>
          schema.default !== undefined &&
          !Value.Check(schema as never, Value.Default(schema as never, structuredClone(schema.default))),
      )
      .map((leaf) => `${group.path}.${leaf.key}`),
  );
  expect(wrong).toEqual([]);
});
