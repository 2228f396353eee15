import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Operation, readOperations, type Schema } from './document.ts';
import { CAMERA_PASSWORD, type Site, startSite } from './site/start-site.ts';

let site: Site;
let operations: Operation[];
beforeAll(async () => {
  site = await startSite();
  operations = await readOperations();
});
afterAll(() => site.api.close());

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
  return fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: junk });
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
  } = schema as {
    type?: string;
    anyOf?: Schema[];
    properties?: Record<string, Schema>;
    required?: string[];
    items?: Schema;
    minimum?: number;
    maximum?: number;
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
  if (type === 'string')
    return fc.oneof(fc.constantFrom(...KNOWN, 'a long enough password'), fc.string({ maxLength: 30 }));
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
      const search = Object.entries(made.query).map(([key, value]) => `${key}=${safeEncode(String(value))}`);
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
  for (const operation of operations) {
    const { method, streams } = operation;
    await fc.assert(
      fc.asyncProperty(requestFor(operation), async ({ path, headers, body }) => {
        const { headers: who } = await site.person('admin');
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
