import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkConfig, liftInference, loadConfig, parseConfig } from './load.ts';
import { formatProblem } from './read.ts';

const TWO_LIFTS = `
inference:
  crowding: { moreThan: 6, looks: 4 }
lifts:
  - id: a
    camera: { url: "rtsp://192.0.2.1/a" }
  - id: b
    camera: { url: "rtsp://192.0.2.1/b" }
    inference:
      crowding: { moreThan: 8 }
      ebike: { labels: { bicycle: { score: 0.9, clear: 1, weight: 0 } } }
`;

test('a lift has the general thresholds, and its own over them', () => {
  const config = parseConfig(TWO_LIFTS, 'site.yaml', {});
  const [a, b] = config.lifts.map((lift) => liftInference(config, lift));

  expect(a?.crowding).toMatchObject({ moreThan: 6, looks: 4 });
  expect(b?.crowding).toMatchObject({ moreThan: 8, looks: 4 });
  expect(b?.ebike.labels.bicycle?.score).toBe(0.9);
  expect(b?.ebike.labels.motorcycle).toEqual(a?.ebike.labels.motorcycle);
});

test('a lift’s own thresholds are held to the same bounds', () => {
  const text = TWO_LIFTS.replace('moreThan: 8', 'moreThan: 0');
  expect(checkConfig(text, {}).problems.map(formatProblem)).toEqual([
    'line 10, lifts[1].inference.crowding.moreThan: expected a whole number from 1 to 100, found 0',
  ]);
});

test('two lifts with one id are told apart by their lines', () => {
  const text = TWO_LIFTS.replace('id: b', 'id: a');
  expect(checkConfig(text, {}).problems.map(formatProblem)).toEqual([
    'line 7, lifts[1].id: expected an id of its own, found "a", which lifts[0] already has',
  ]);
});

test('a file that is not there is said in one line', async () => {
  await expect(loadConfig('/nowhere/site.yaml')).rejects.toMatchObject({
    code: 'INPUT_NOT_FOUND',
    message: 'The configuration /nowhere/site.yaml cannot be read: does not exist.',
  });
});

test('mistakes name the file', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'cabinwatch-config-')), 'site.yaml');
  writeFileSync(file, 'lift: []');
  await expect(loadConfig(file)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${file} has one mistake:\n  line 1, lift: is not a key known here; did you mean "lifts"?`,
  });
});

test.each([
  [
    'no origin',
    'camera: {}',
    'lifts[0].camera: expected exactly one of url, publishKey, file, found none of them',
  ],
  ['two origins', 'camera: { file: a.mp4, publishKey: long-enough }', 'found publishKey and file'],
  ['an address of another kind', 'camera: { url: "ftp://u:hunter2@192.0.2.1/a" }', 'found ftp:'],
  ['an address without a scheme', 'camera: { url: "u:hunter2@192.0.2.1" }', 'found u:'],
])('a camera with %s is told', (_name, camera, message) => {
  const problems = checkConfig(`lifts:\n  - id: a\n    ${camera}`, {}).problems.map(formatProblem);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
  expect(problems[0]).not.toContain('hunter2');
});

test('two servers on one port are told', () => {
  expect(checkConfig('api: { port: 8000 }', {}).problems.map(formatProblem)).toEqual([
    'media.httpPort: expected a port of its own, found 8000, which api.port already has',
  ]);
});
