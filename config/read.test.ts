import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { configError, formatProblem, readYaml } from './read.ts';

const Camera = Type.Union([
  Type.Object(
    { kind: Type.Literal('rtsp'), url: Type.String({ pattern: '^rtsps?://' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Literal('file'), path: Type.String({ minLength: 1 }) },
    { additionalProperties: false },
  ),
]);
const Schema = Type.Object(
  {
    server: Type.Object(
      {
        port: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080 }),
        host: Type.String({ default: 'localhost' }),
      },
      { additionalProperties: false, default: {} },
    ),
    mode: Type.Union([Type.Literal('fast'), Type.Literal('exact')], { default: 'fast' }),
    lifts: Type.Array(
      Type.Object(
        {
          id: Type.String({ minLength: 1 }),
          camera: Camera,
          password: Type.Optional(Type.String({ minLength: 8 })),
        },
        { additionalProperties: false },
      ),
      { default: [] },
    ),
    labels: Type.Record(Type.String(), Type.Number({ maximum: 1 }), { default: {} }),
  },
  { additionalProperties: false },
);

function problemsOf(text: string, environment: Record<string, string> = {}): string[] {
  return readYaml(Schema, text, { environment }).problems.map(formatProblem);
}

test('defaults are filled in, and the result is frozen all the way down', () => {
  const { value } = readYaml(Schema, 'lifts: [{id: a, camera: {kind: file, path: x.mp4}}]', {
    environment: {},
  });

  expect(value).toEqual({
    server: { port: 8080, host: 'localhost' },
    mode: 'fast',
    lifts: [{ id: 'a', camera: { kind: 'file', path: 'x.mp4' } }],
    labels: {},
  });
  expect(Object.isFrozen(value?.lifts[0]?.camera)).toBe(true);
});

test('an empty file and a section without keys mean the defaults', () => {
  expect(readYaml(Schema, '', { environment: {} }).value?.server.port).toBe(8080);
  expect(readYaml(Schema, 'server:\n  # port: 1\n', { environment: {} }).value?.server.port).toBe(8080);
});

test('every mistake is told at once, with line, path, what was expected and what was found', () => {
  const text = [
    'server:',
    '  prot: 80',
    '  port: 70000',
    'mode: slow',
    'lifts:',
    '  - id: ""',
    '    camera: { kind: rtsp, url: "http://u:p@h/x" }',
    '  - camera:',
    '      kind: file',
    '      patth: x',
    'labels: { a: 2 }',
  ].join('\n');

  expect(problemsOf(text)).toEqual([
    'line 2, server.prot: is not a key known here; did you mean "port"?',
    'line 3, server.port: expected a whole number from 1 to 65535, found 70000',
    'line 4, mode: expected "fast" or "exact", found "slow"',
    'line 6, lifts[0].id: expected a text that is not empty, found ""',
    'line 7, lifts[0].camera.url: expected a text of the form ^rtsps?://, found "http://***@h/x"',
    'line 8, lifts[1].camera.path: expected a text that is not empty, found nothing',
    'line 8, lifts[1].id: expected a text that is not empty, found nothing',
    'line 10, lifts[1].camera.patth: is not a key known here; did you mean "path"?',
    'line 11, labels.a: expected a number of at most 1, found 2',
  ]);
});

test('more mistakes than the validator would list by itself are all told', () => {
  const lifts = Array.from({ length: 40 }, () => '  - {}').join('\n');
  expect(problemsOf(`lifts:\n${lifts}`)).toHaveLength(80);
});

test('a key far from every known one gets the list of known ones', () => {
  expect(problemsOf('server: { colour: red }')).toEqual([
    'line 1, server.colour: is not a key known here; expected one of port, host',
  ]);
});

test('environment variables are put into texts, and a missing one is named once', () => {
  const text = 'lifts:\n  - id: a\n    camera: { kind: rtsp, url: "rtsp://u:${CAM_PASSWORD}@h/$${x}" }';

  const set = readYaml(Schema, text, { environment: { CAM_PASSWORD: 's3cret' } });
  expect(set.value?.lifts[0]?.camera).toEqual({ kind: 'rtsp', url: 'rtsp://u:s3cret@h/${x}' });
  expect(problemsOf(text)).toEqual([
    'line 3, lifts[0].camera.url: needs the environment variable CAM_PASSWORD, which is not set',
  ]);
});

test('what a variable or a secret key holds is never shown', () => {
  const text = 'lifts:\n  - id: a\n    camera: { kind: file, path: x }\n    password: ${PW}\nmode: ${PW}';

  const shown = problemsOf(text, { PW: 'hunter2' }).join('\n');
  expect(shown).toContain('something else (hidden)');
  expect(shown).toContain('found "${PW}"');
  expect(shown).not.toContain('hunter2');
});

test('a broken YAML text names the line', () => {
  expect(problemsOf('server:\n  port: [1\nmode: fast')[0]).toMatch(/^line [23]: is no valid YAML: /);
  expect(problemsOf('mode: fast\nmode: exact')[0]).toMatch(/^line 2: is no valid YAML: .*unique/);
});

test('rules run on what fits the schema and point at a line', () => {
  const rules = () => [{ path: ['server', 'port'], message: 'is taken' }];
  const result = readYaml(Schema, '\nserver:\n  port: 81', { environment: {}, rules });
  expect(result.problems.map(formatProblem)).toEqual(['line 3, server.port: is taken']);
});

test('a file of another shape is one clear problem', () => {
  expect(problemsOf('- a\n- b')).toEqual([
    'line 1: expected a group of keys (server, mode, lifts, labels), found a list of 2',
  ]);
});

test('the error counts the mistakes', () => {
  const error = configError('site.yaml', readYaml(Schema, 'a: 1\nb: 2', { environment: {} }).problems);
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatch(/^site\.yaml has 2 mistakes:\n {2}line 1, a: .*\n {2}line 2, b: /);
});

test('an address whose scheme was forgotten does not give its password away', () => {
  const text = 'lifts:\n  - id: a\n    camera: { kind: rtsp, url: "admin:hunter2@192.0.2.1/1" }';
  expect(problemsOf(text)).toEqual([
    'line 3, lifts[0].camera.url: expected a text of the form ^rtsps?://, found something else (hidden: it may hold a password)',
  ]);
});
