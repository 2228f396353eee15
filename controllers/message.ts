import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { CAR_FIELDS, type ControllerMessage, DIRECTIONS, DOOR_STATES, LIFT_MODES } from '../core/index.ts';

/** A value or null; `expected` is what an error says. */
function said<S extends TSchema>(schema: S, expected: string, description: string) {
  return Type.Optional(Type.Union([schema, Type.Null()], { expected: `${expected}, or null`, description }));
}

const words = <T extends string>(list: readonly T[]) =>
  Type.Unsafe<T | 'unknown'>(Type.Union([...list, 'unknown'].map((word) => Type.Literal(word))));
const either = (list: readonly string[]): string => `one of ${list.join(', ')}, unknown`;

/**
 * The documented message, docs/4-reference/controller-messages.md. All may be left out: a message says what it says, and null or
 * "unknown" that the controller itself does not know. Keys that are not listed are ignored.
 */
export const ControllerMessageSchema = Type.Object({
  ts: Type.Optional(
    Type.Union(
      [Type.Number({ minimum: 0, maximum: 8.64e15 }), Type.String({ minLength: 20, maxLength: 35 })],
      {
        expected: 'epoch milliseconds or an RFC 3339 time with its zone',
        description: 'When it was said, by the controller’s clock: epoch ms, or RFC 3339 with zone.',
      },
    ),
  ),
  seq: Type.Optional(
    Type.Integer({
      minimum: 0,
      expected: 'a whole number from 0',
      description: 'Rises with every message; begins anew when the controller restarts.',
    }),
  ),
  id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      expected: 'a text of 1 to 128 characters',
      description: 'Unique for every message; the same when one is sent again.',
    }),
  ),
  door: said(words(DOOR_STATES), either(DOOR_STATES), 'The car door.'),
  doorZone: said(
    Type.Boolean(),
    'true or false',
    'Whether the car is level with a landing, so that the door may open.',
  ),
  floor: said(
    Type.Integer({ minimum: -200, maximum: 500 }),
    'a whole number from -200 to 500',
    'The landing that the car is at or has last passed, as the controller counts.',
  ),
  direction: said(words(DIRECTIONS), either(DIRECTIONS), 'Where the car is going.'),
  speed: said(Type.Number({ minimum: 0, maximum: 30 }), 'a number from 0 to 30', 'm/s, never negative.'),
  mode: said(words(LIFT_MODES), either(LIFT_MODES), 'How the lift is run.'),
  load: said(
    Type.Number({ minimum: 0, maximum: 5 }),
    'a number from 0 to 5',
    'Share of the rated load: 1 is full.',
  ),
  faults: said(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 64 }),
    'a list of up to 64 fault codes, each a text',
    'The fault codes that stand, in the controller’s own words; [] is none.',
  ),
  alarmButton: said(
    Type.Boolean(),
    'true or false',
    'Whether the alarm button is pressed or its alarm stands.',
  ),
});
export type WireMessage = Static<typeof ControllerMessageSchema>;

/** A message that has been checked: `ts` in epoch ms, null where the controller does not know. */
export type CheckedMessage = Omit<ControllerMessage, 'ts'> & { readonly ts?: number };

export type ReadMessage = { readonly message: CheckedMessage } | { readonly problem: string };

const checker = Compile(ControllerMessageSchema);
const KEYS: readonly string[] = ['ts', 'seq', 'id', ...CAR_FIELDS];
const WORD_FIELDS = ['door', 'direction', 'mode'] as const;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Epoch ms of an RFC 3339 time; undefined for any other text: what has no zone may mean anything. */
export function parseTime(text: string): number | undefined {
  const time = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  return time >= 0 ? time : undefined;
}

/** Checks a parsed JSON value against the schema. The problem says which field, what was expected and what was found. */
export function readMessage(value: unknown): ReadMessage {
  if (!checker.Check(value)) return { problem: problemOf(value) };
  if (!KEYS.some((key) => Object.hasOwn(value, key)))
    return { problem: `expected at least one of ${KEYS.join(', ')}, found none` };
  const wire = value as WireMessage;
  if (typeof wire.ts !== 'string' && WORD_FIELDS.every((field) => wire[field] !== 'unknown'))
    return { message: wire as CheckedMessage };
  return normalised(wire);
}

function normalised(wire: WireMessage): ReadMessage {
  const message: Record<string, unknown> = { ...wire };
  for (const field of WORD_FIELDS) if (wire[field] === 'unknown') message[field] = null;
  if (typeof wire.ts === 'string') {
    const ts = parseTime(wire.ts);
    if (ts === undefined) return { problem: problem('ts', wire.ts) };
    message.ts = ts;
  }
  return { message: message as CheckedMessage };
}

function problemOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `expected a JSON object, found ${show(value)}`;
  const fields = Object.entries(ControllerMessageSchema.properties);
  const bad = fields.find(([key, schema]) => {
    const own = (value as Record<string, unknown>)[key];
    return own !== undefined && !Value.Check(schema, own);
  });
  const [key] = bad ?? ['message'];
  return problem(key, (value as Record<string, unknown>)[key]);
}

function problem(key: string, found: unknown): string {
  const schema = (ControllerMessageSchema.properties as Record<string, TSchema & { expected?: string }>)[key];
  return `${key}: expected ${schema?.expected ?? 'another value'}, found ${show(found)}`;
}

/** What was found, short enough for a log. */
export function show(found: unknown): string {
  const text = JSON.stringify(found) ?? String(found);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
