import type { LiftSettings } from './ports.ts';

/**
 * A lift's settings as they may be shown: camera passwords and publish keys are hidden. Who sends them back as they were
 * shown keeps what is hidden; nothing hidden is ever put together with another host.
 */

const HIDDEN = '***';
const SECRET_NAME = /pass|pwd|secret|token|key|auth|sig/i;
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/).*@/i;
/** `?password=…`, and makers that write it into the path: `/user=admin_password=…_channel=1`. */
const SECRET_PAIR = /([?&/_;]\w*(?:pass|pwd|secret|token|key|auth|sig)\w*?=)([^&/_;#]*)/gi;

export const conceal = (settings: LiftSettings): LiftSettings => walk(settings, '') as LiftSettings;

/** The settings with what is hidden in them taken from `kept`, where everything around it is as it was shown. */
export function reveal(sent: LiftSettings, kept: LiftSettings): LiftSettings {
  const shown = conceal(kept);
  return restore(sent, shown, kept) as LiftSettings;
}

/** Paths whose value is still hidden: there was nothing to take it from. */
export function hiddenPaths(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return value.includes(HIDDEN) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    hiddenPaths(inner, path === '' ? name : `${path}.${name}`),
  );
}

function walk(value: unknown, name: string): unknown {
  if (typeof value === 'string') return concealText(value, name);
  if (Array.isArray(value)) return value.map((inner) => walk(inner, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key)]));
}

function concealText(text: string, name: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return text.replace(USER_INFO, `$1${HIDDEN}@`).replace(SECRET_PAIR, `$1${HIDDEN}`);
  }
  return SECRET_NAME.test(name) ? HIDDEN : text;
}

function restore(sent: unknown, shown: unknown, kept: unknown): unknown {
  if (typeof sent === 'string') return sent === shown ? kept : sent;
  if (!isRecord(sent) || !isRecord(shown) || !isRecord(kept)) return sent;
  return Object.fromEntries(
    Object.entries(sent).map(([key, inner]) => [
      key,
      Object.hasOwn(shown, key) ? restore(inner, shown[key], kept[key]) : inner,
    ]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
