import satisfies from 'spdx-satisfies';

/** Licences that ask for no more than that their text be kept. */
const PERMISSIVE = [
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'CC0-1.0',
  'BlueOak-1.0.0',
  'Unlicense',
];

interface Exception {
  readonly name: RegExp;
  readonly licence: string;
  /** Why it may ship all the same. */
  readonly reason: string;
}

/** Each one was looked at by a person. A new one needs a reason that holds. */
export const EXCEPTIONS: readonly Exception[] = Object.freeze([
  {
    name: /^@img\/sharp-(libvips|win32|wasm32)/,
    licence: 'LGPL-3.0-or-later',
    reason:
      'libvips, the shared library behind sharp: used unmodified, loaded at run time, and exchangeable by installing another sharp build.',
  },
]);

export function exceptionFor(name: string, licence: string): Exception | undefined {
  return EXCEPTIONS.find((exception) => exception.name.test(name) && licence.includes(exception.licence));
}

/** Undefined when it may ship; otherwise what is wrong. */
export function judgeLicence(name: string, licence: string | undefined): string | undefined {
  if (licence === undefined) return `${name}: no licence is stated`;
  const allowed = exceptionFor(name, licence) ? [...PERMISSIVE, 'LGPL-3.0-or-later'] : PERMISSIVE;
  try {
    return satisfies(licence, allowed) ? undefined : `${name}: ${licence} is not a permissive licence`;
  } catch {
    return `${name}: "${licence}" is not a known licence`;
  }
}
