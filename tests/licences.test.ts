import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { judgeLicence } from '../scripts/licences/judge-licence.ts';
import { licenceList, shippedWeights } from '../scripts/licences/licence-list.ts';
import { licenceInside, shippedPackages } from '../scripts/licences/shipped-packages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

test('everything that ships has a permissive licence, or an exception with a reason', async () => {
  const packages = shippedPackages(ROOT).map(({ name, licence }) => judgeLicence(name, licence));
  const weights = (await shippedWeights()).map(({ model, licence }) => judgeLicence(model, licence));

  expect(packages.length).toBeGreaterThan(50);
  expect(weights.length).toBeGreaterThan(1);
  expect([...packages, ...weights].filter((problem) => problem !== undefined)).toEqual([]);
});

test('what the lock says of a licence is what the installed package says', () => {
  const installed = shippedPackages(ROOT).filter(({ name }) => existsSync(join(ROOT, 'node_modules', name)));
  const differing = installed.filter(({ name, version, licence }) => {
    const folder = join(ROOT, 'node_modules', name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return manifest.version === version && licenceInside(folder) !== licence;
  });
  expect(differing).toEqual([]);
});

test('the list in the project is current (else: npm run generate)', async () => {
  expect(readFileSync(join(ROOT, 'THIRD-PARTY-LICENCES.md'), 'utf8')).toBe(await licenceList(ROOT));
});

test('the project itself is under Apache-2.0', () => {
  const { license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { license: string };
  expect(license).toBe('Apache-2.0');
  expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toMatch(
    /^\s+Apache License\n\s+Version 2\.0, January 2004/,
  );
});

test.each([
  ['a choice with a permissive branch', '(MIT OR GPL-3.0-only)', undefined],
  ['a sum of permissive ones', 'Apache-2.0 AND MIT', undefined],
  ['a sum with a copyleft part', 'MIT AND GPL-3.0-only', /not a permissive/],
  ['a copyleft licence', 'AGPL-3.0-only', /not a permissive/],
  ['the exception’s licence elsewhere', 'LGPL-3.0-or-later', /not a permissive/],
  ['words that are no licence', 'SEE LICENSE IN FILE', /not a known licence/],
  ['silence', undefined, /no licence is stated/],
])('%s', (_name, licence, expected) => {
  const verdict = judgeLicence('some-package', licence);
  if (expected) expect(verdict).toMatch(expected);
  else expect(verdict).toBeUndefined();
});

test('an exception holds for its package and its licence only', () => {
  expect(judgeLicence('@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later')).toBeUndefined();
  expect(judgeLicence('@img/sharp-libvips-linux-x64', 'GPL-3.0-or-later')).toMatch(/not a permissive/);
});
