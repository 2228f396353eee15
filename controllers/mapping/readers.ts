import { parseTime } from '../message.ts';
import type { MappingOptions } from './options.ts';

/** Stands for a value that the enumeration does not list. */
export const UNLISTED = Symbol('unlisted');

/** The field's value; undefined: the message does not speak of it; null: the vendor does not know. */
export type ReadField = (vendor: unknown) => unknown;

type Rule<K extends keyof MappingOptions> = NonNullable<MappingOptions[K]>;

/** By field, how its rule becomes a reader. What comes out is checked as any other message is. */
export const readers: { readonly [K in keyof Required<MappingOptions>]: (rule: Rule<K>) => ReadField } =
  Object.freeze({
    door: (rule) => from(rule, word(rule)),
    direction: (rule) => from(rule, rule.values || rule.bit !== undefined ? word(rule) : signOrWord),
    mode: (rule) => from(rule, word(rule)),
    doorZone: (rule) => from(rule, flag(rule)),
    alarmButton: (rule) => from(rule, flag(rule)),
    floor: (rule) => from(rule, (found) => onNumber(number(rule)(found), Math.round)),
    speed: (rule) => from(rule, (found) => onNumber(number(rule)(found), Math.abs)),
    load: (rule) => from(rule, number(rule)),
    faults: (rule) => from(rule, (found) => faultCodes(rule, found)),
    ts: (rule) => from(rule, (found) => time(rule, found)),
    seq: (rule) => from(rule, (found) => asNumber(found) ?? undefined),
    id: (rule) => from(rule, (found) => (found === null ? undefined : String(found))),
  });

interface Origin {
  readonly path?: string;
  readonly constant?: unknown;
  readonly ignore?: readonly unknown[];
}

/** Finds the value by its path, and lets `read` make ours of it. */
function from({ path, constant, ignore }: Origin, read: (found: unknown) => unknown): ReadField {
  if (path === undefined) return () => constant;
  const keys = path.split('.');
  return (vendor) => {
    let found = vendor;
    for (const key of keys) {
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
      found = (found as Record<string, unknown>)[key];
    }
    return ignore?.includes(found) ? null : read(found);
  };
}

interface Listed {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly bit?: number;
}

function listed({ values }: Listed, found: unknown): unknown {
  const key = String(found);
  return values && Object.hasOwn(values, key) ? values[key] : UNLISTED;
}

/** One bit of a whole number, as 0 or 1; without a bit the value as it is. */
function picked({ bit }: Listed, found: unknown): unknown {
  if (bit === undefined) return found;
  const whole = asNumber(found);
  return whole === null ? undefined : (whole >>> bit) & 1;
}

const word =
  (rule: Listed) =>
  (found: unknown): unknown => {
    const value = picked(rule, found);
    if (value === null || value === undefined) return null;
    return rule.values ? listed(rule, value) : value;
  };

function signOrWord(found: unknown): unknown {
  if (typeof found !== 'number') return found;
  return found > 0 ? 'up' : found < 0 ? 'down' : 'none';
}

const TRUE: readonly unknown[] = [true, 1, '1', 'true'];
const FALSE: readonly unknown[] = [false, 0, '0', 'false'];

const flag =
  (rule: Listed & { readonly invert?: boolean }) =>
  (found: unknown): unknown => {
    const value = picked(rule, found);
    if (value === null || value === undefined) return null;
    const said = rule.values
      ? listed(rule, value)
      : TRUE.includes(value)
        ? true
        : FALSE.includes(value)
          ? false
          : UNLISTED;
    return typeof said === 'boolean' && rule.invert ? !said : said;
  };

interface Scaled extends Listed {
  readonly scale?: number;
  readonly offset?: number;
}

const number =
  (rule: Scaled) =>
  (found: unknown): unknown => {
    if (found === null) return null;
    const { scale = 1, offset = 0 } = rule;
    if (rule.values && Object.hasOwn(rule.values, String(found))) return rule.values[String(found)];
    const value = asNumber(found);
    // Without this, 0.001 × 1234 is 1.2340000000000002.
    return value === null ? UNLISTED : Number((value * scale + offset).toPrecision(12));
  };

const onNumber = (value: unknown, change: (value: number) => number): unknown =>
  typeof value === 'number' ? change(value) : value;

/** A number, or a text that is one. */
function asNumber(found: unknown): number | null {
  if (typeof found === 'number') return found;
  const value = typeof found === 'string' && found.trim() !== '' ? Number(found) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

const NO_FAULT: readonly unknown[] = [0, '0', ''];

function faultCodes(rule: Rule<'faults'>, found: unknown): unknown {
  if (found === null) return null;
  if (rule.bits) {
    const mask = asNumber(found);
    if (mask === null) return UNLISTED;
    return Object.entries(rule.bits).flatMap(([bit, code]) => ((mask >>> Number(bit)) & 1 ? [code] : []));
  }
  const none: readonly unknown[] = rule.none ?? NO_FAULT;
  const codes = Array.isArray(found) ? found : [found];
  return codes.flatMap((code) => {
    if (none.includes(code)) return [];
    return [
      rule.values && Object.hasOwn(rule.values, String(code)) ? rule.values[String(code)] : String(code),
    ];
  });
}

function time(rule: Rule<'ts'>, found: unknown): unknown {
  const value = asNumber(found);
  if (value === null) return typeof found === 'string' ? parseTime(found) : undefined;
  return Math.round(value * (rule.scale ?? 1) + (rule.offset ?? 0));
}
