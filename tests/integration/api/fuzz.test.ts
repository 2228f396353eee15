import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../../core/index.ts';
import { createStorage, type Storage, StorageOptions } from '../../../storage/index.ts';
import { type Operation, readOperations, type Schema } from './document.ts';
import { anIncident } from './site/memory-incidents.ts';
import { CAMERA_PASSWORD, type Site, START, startSite } from './site/start-site.ts';

let site: Site;
let operations: Operation[];
let storage: Storage;
let dataDir: string;
/** On the real database: what it cannot take must be refused before it. */
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cabinwatch-fuzz-'));
  const where = { ...Value.Create(StorageOptions), dataDir };
  storage = await createStorage(where, { sinks: ['webhook'], logger: silentLogger, env: {} });
  const { incidents, maintenance, outbox, audit, media: mediaFiles, timeline: timelines, accounts } = storage;
  const by = { kind: 'service', id: 'rules', name: 'rules' } as const;
  const changes = ['a', 'b'].map((group) => {
    const incident = anIncident(`incident-${group}`, `lift-${group}`);
    return { change: 'opened', at: START, by, incident } as const;
  });
  await incidents.record(changes, () => undefined);
  site = await startSite({}, { incidents, maintenance, outbox, audit, mediaFiles, timelines, accounts });
  operations = await readOperations();
});
afterAll(async () => {
  await site?.api.close();
  await storage?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const KNOWN = ['lift-a', 'lift-b', 'incident-a', 'incident-b', 'car-a', 'clip-a', 'car-a.flv', 'none'];

const nasty = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '..',
    '../../etc/passwd',
    '%00',
    'null',
    '__proto__',
    '-1',
    '1e309',
    '9'.repeat(400),
  ),
  fc.constantFrom('x'.repeat(5000), '\u202e', '😀', "'; drop table users;--", '\u0000', '\ud800', 'NaN'),
);

const junk = fc.oneof(
  nasty,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(null, true, -1, 0.5, 1e308, [], {}, { __proto__: 1 }, [[[[[]]]]], 2 ** 53),
  fc.array(nasty, { maxLength: 5 }),
);

/** Something that fits a schema, or nearly: a value of its own now and then is anything. */
function fitting(schema: Schema | undefined): fc.Arbitrary<unknown> {
  const right = rightFor(schema ?? {});
  return fc.oneof({ weight: 20, arbitrary: right }, { weight: 1, arbitrary: junk });
}

function rightFor(schema: Schema): fc.Arbitrary<unknown> {
  const {
    type,
    anyOf,
    properties,
    required = [],
    items,
    minimum,
    maximum,
    pattern,
    minLength = 0,
  } = schema as {
    type?: string;
    anyOf?: Schema[];
    properties?: Record<string, Schema>;
    required?: string[];
    items?: Schema;
    minimum?: number;
    maximum?: number;
    pattern?: string;
    minLength?: number;
  };
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if (anyOf) return fc.oneof(...anyOf.map(rightFor));
  if (type === 'object') {
    const fields = Object.entries(properties ?? {}).map(([name, inner]) => [name, fitting(inner)]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required as never[] });
  }
  if (type === 'array') return fc.array(fitting(items), { maxLength: 4 });
  if (type === 'integer')
    return fc.integer({
      min: Math.max(minimum ?? 0, -(2 ** 31)),
      max: Math.min(maximum ?? 1e9, 2 ** 31 - 1),
    });
  if (type === 'number') return fc.double({ noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (pattern) return fc.oneof(fc.constantFrom(...KNOWN), fc.stringMatching(new RegExp(pattern)));
  if (type === 'string') return fc.string({ minLength, maxLength: minLength + 20 });
  return fc.jsonValue();
}

interface Request {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

function requestFor({ path, parameters, body }: Operation): fc.Arbitrary<Request> {
  const query = parameters.filter((p) => p.in === 'query');
  const headers = parameters.filter((p) => p.in === 'header');
  const texts = (list: typeof parameters) =>
    fc.record(Object.fromEntries(list.map(({ name, schema }) => [name, fitting(schema)])), {
      requiredKeys: [],
    });
  const id = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...KNOWN) }, { weight: 1, arbitrary: nasty });
  const raw = fc.oneof(
    {
      weight: 8,
      arbitrary: body ? fitting(body).map((value) => JSON.stringify(value)) : fc.constant(undefined),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{',
        '[1,',
        '"\\ud800"',
        '{"a":"\\u0000"}',
        '['.repeat(2000),
        'x'.repeat(70_000),
      ),
    },
  );
  return fc
    .record({
      ids: fc.array(id, { minLength: 2, maxLength: 2 }),
      query: texts(query),
      headers: texts(headers),
      raw,
    })
    .map((made) => {
      let next = 0;
      const filled = path.replace(/\{\w+\}/g, () => safeEncode(made.ids[next++ % 2] as string));
      const search = Object.entries(made.query).flatMap(([key, value]) =>
        [value].flat().map((one) => `${key}=${safeEncode(String(one))}`),
      );
      return {
        path: search.length > 0 ? `${filled}?${search.join('&')}` : filled,
        headers: Object.fromEntries(
          Object.entries(made.headers).map(([key, value]) => [key, safeEncode(String(value)).slice(0, 300)]),
        ),
        body: made.raw,
      };
    });
}

/** What no client can put into a URL at all is left out; everything else is sent. */
const safeEncode = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Routes that would end the session or begin an argon2 flood are asked less often. */
const runsOf = ({ path }: Operation): number => (/session|setup|users/.test(path) ? 15 : 40);

it('no input brings a route down, and none makes it show a secret', async () => {
  const reached = new Set<string>();
  for (const operation of operations) {
    const { method, streams } = operation;
    const admin = await site.person('admin');
    await fc.assert(
      fc.asyncProperty(requestFor(operation), async ({ path, headers, body }) => {
        // Who signs out, or gets a new password, is not there for the next.
        const { headers: who } = /session/.test(operation.path) ? await site.person('admin') : admin;
        const stop = new AbortController();
        const send = body !== undefined && method !== 'GET' ? { body } : {};
        const json = 'body' in send ? { 'content-type': 'application/json' } : {};
        const answer = await fetch(`${site.url}${path}`, {
          method,
          ...send,
          headers: { ...headers, ...json, ...who },
          signal: stop.signal,
        });
        const about = `${method} ${path} ${body?.slice(0, 500)}`;
        expect(answer.status, about).toBeLessThan(500);
        if (answer.ok) reached.add(`${method} ${operation.path}`);
        if (streams) return stop.abort();
        const text = await answer.text();
        expect(text, about).not.toContain(CAMERA_PASSWORD);
        if (answer.status >= 400 && text !== '') {
          expect(JSON.parse(text), about).toMatchObject({
            error: { code: expect.any(String), message: expect.any(String) },
          });
        }
      }),
      { seed: 40, numRuns: runsOf(operation) },
    );
  }
  // Else it would only ever try the doors. The rest needs an id or a password that only resources.test.ts knows.
  expect(reached.size).toBeGreaterThanOrEqual(30);
}, 120_000);

it('takes nothing but JSON, and no more of it than a message is long', async () => {
  const { headers } = await site.machine(['controllers:write']);
  const send = async (type: string, body: string): Promise<number> => {
    const url = `${site.url}/api/controllers/lift-a/messages`;
    return (await fetch(url, { method: 'POST', headers: { ...headers, 'content-type': type }, body })).status;
  };
  expect(await send('application/json', '{"door":"open"}')).toBe(204);
  expect(await send('text/plain', '{"door":"open"}')).toBe(415);
  expect(await send('application/x-www-form-urlencoded', 'door=open')).toBe(415);
  expect(await send('application/json', JSON.stringify({ a: 'x'.repeat(70_000) }))).toBe(413);
});
