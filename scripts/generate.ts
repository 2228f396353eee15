// Writes the files that are made from the code: `npm run generate`. Tests fail while one of them is not current.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openapiDocument } from '../api/index.ts';
import { configExample, configReference } from '../config/index.ts';
import { licenceList } from './licences/licence-list.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const documents: Readonly<Record<string, () => string | Promise<string>>> = {
  'config/example.yaml': configExample,
  'docs/4-reference/config.md': configReference,
  'docs/4-reference/openapi.json': openapiDocument,
  'THIRD-PARTY-LICENCES.md': () => licenceList(ROOT),
};

for (const [path, render] of Object.entries(documents)) {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await render());
  // Biome minds the form of every JSON file in the project.
  if (path.endsWith('.json')) execFileSync('npx', ['biome', 'format', '--write', file], { cwd: ROOT });
  console.log(`wrote ${path}`);
}
