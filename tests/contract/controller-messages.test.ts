import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  ControllerMessageSchema,
  compileMapping,
  type MappingOptions,
  readControllerFile,
  readMessage,
} from '../../controllers/index.ts';
import { projectRoot, TIMELINE_KINDS } from '../../core/index.ts';

const page = readFileSync(join(projectRoot(), 'docs/4-reference/controller-messages.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] as string);

test('the page has a row for each key of the schema, and no other', () => {
  const table = page.slice(page.indexOf('| key |'), page.indexOf('A message of which'));
  const keys = [...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]);
  expect(keys).toEqual(Object.keys(ControllerMessageSchema.properties));
});

test('its examples are valid', () => {
  const [message, line] = blocks('json') as [string, string];
  expect(readMessage(JSON.parse(message))).toHaveProperty('message');
  expect(readControllerFile(line)).toHaveLength(1);
  const { acme } = parse(blocks('yaml')[0] as string).controllers.mappings as { acme: MappingOptions };
  expect(compileMapping(acme, 'acme')({ status: { door: 2 }, v: -1500 }).message).toMatchObject({
    door: 'open',
    speed: 1.5,
    direction: 'down',
  });
});

test('it tells of every kind of the timeline', () => {
  for (const kind of TIMELINE_KINDS) expect(page).toContain(`\`${kind}\``);
});
