import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../core/index.ts';
import { readControllerFile } from './controller-file.ts';

test('lines become messages in order of arrival, dated by their own time', () => {
  const text = '{"t":1,"door":"open","received":3.5}\n\n{"t":2,"door":"closing"}\r\n';
  expect(readControllerFile(text)).toEqual([
    { t: 2, received: 2, message: { door: 'closing', ts: 2000 } },
    { t: 1, received: 3.5, message: { door: 'open', ts: 1000 } },
  ]);
});

const clips = join(projectRoot(), 'datasets/synthetic/clips');
const files = readdirSync(clips, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('controller.jsonl'),
);

test('there are clips with a controller', () => expect(files.length).toBeGreaterThan(0));

test.each(files)('%s is read', (file) => {
  const text = readFileSync(join(clips, file), 'utf8');
  expect(readControllerFile(text)).toHaveLength(text.trim().split('\n').length);
});

test.each([
  ['{"t":0}\n[1]', 'x.jsonl, line 2: expected a JSON object with a number "t" (seconds), found [1]'],
  ['{"door":"open"}', 'line 1: expected a JSON object with a number "t" (seconds), found {"door":"open"}'],
  ['{"t":0', 'line 1: expected a JSON object'],
  ['{"t":5,"received":4}', 'line 1: received: expected a number (seconds) not before "t", found 4'],
  ['{"t":0,"door":"ajar"}', 'line 1: door: expected one of open, opening, closing, closed'],
])('%j is refused, saying where and why', (text, detail) => {
  expect(() => readControllerFile(text, 'x.jsonl')).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(detail) }),
  );
});
