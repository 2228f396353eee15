import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scenarioReference } from './reference.ts';

it('docs/4-reference/datasets.md holds the reference of today', () => {
  const page = new URL('../../../docs/4-reference/datasets.md', import.meta.url);
  const text = readFileSync(page, 'utf8');
  const shown = text.split('<!-- scenario reference -->')[1];
  expect(shown?.trim()).toBe(scenarioReference());
});
