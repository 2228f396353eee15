import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CabinwatchError } from '../core/index.ts';
import { type ParsedManifest, parseManifest } from './parse-manifest.ts';
import { sha256 } from './source-files.ts';

export interface ModelFiles {
  readonly model: string;
  readonly manifest: string;
  /** What the model was built from, so that an unchanged one is not built again. */
  readonly stamp: string;
}

/** Where a built model lies. */
export function modelFiles(dir: string, id: string): ModelFiles {
  const base = path.join(dir, id);
  return { model: `${base}.onnx`, manifest: `${base}.json`, stamp: `${base}.stamp` };
}

/** @throws CabinwatchError MODEL_NOT_BUILT, or MODEL_INVALID for a damaged manifest */
export async function readBuiltManifest(dir: string, id: string): Promise<ParsedManifest> {
  const { manifest: file, model } = modelFiles(dir, id);
  const text = (await readBuilt(file, id)).toString('utf8');
  await access(model).catch((cause) => Promise.reject(notBuilt(model, id, cause)));
  try {
    return parseManifest(JSON.parse(text), file);
  } catch (cause) {
    if (cause instanceof CabinwatchError) throw cause;
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} is damaged; delete it and run: npx cabinwatch models build`,
      { cause },
    );
  }
}

/**
 * Checks that a built file is, byte for byte, what its manifest says.
 * @throws CabinwatchError MODEL_NOT_BUILT or MODEL_INVALID
 */
export async function verifyBuilt(dir: string, id: string): Promise<ParsedManifest> {
  const manifest = await readBuiltManifest(dir, id);
  const file = modelFiles(dir, id).model;
  const found = sha256(await readBuilt(file, id));
  if (manifest.built && manifest.built.sha256 !== found) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} is damaged: its sha256 is ${found}, expected ${manifest.built.sha256}. Run: npx cabinwatch models build`,
    );
  }
  return manifest;
}

async function readBuilt(file: string, id: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw notBuilt(file, id, cause);
  }
}

function notBuilt(file: string, id: string, cause: unknown): CabinwatchError {
  return new CabinwatchError(
    'MODEL_NOT_BUILT',
    `The model ${id} has not been built: there is no ${file}. Run: npx cabinwatch models build`,
    { cause },
  );
}
