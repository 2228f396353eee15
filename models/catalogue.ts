import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CabinwatchError } from '../core/index.ts';
import { type ParsedManifest, parseManifest } from './parse-manifest.ts';

/** A manifest and where it was read from, which its `onnx-file` source is relative to. */
export interface CatalogueEntry {
  readonly manifest: ParsedManifest;
  readonly file: string;
}

const OWN_MANIFESTS = fileURLToPath(new URL('./manifests/', import.meta.url));

/** Ids of the models that come with the project. */
export async function knownModels(): Promise<string[]> {
  const files = await readdir(OWN_MANIFESTS);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort();
}

/**
 * @param model the id of a model of the project, or the path of a manifest of one's own (ends in .json)
 * @throws CabinwatchError MODEL_INVALID for an unknown id, an unreadable file or a faulty manifest
 */
export async function loadManifest(model: string): Promise<CatalogueEntry> {
  const file = model.endsWith('.json') ? path.resolve(model) : path.join(OWN_MANIFESTS, `${model}.json`);
  const manifest = parseManifest(parseJson(await readText(model, file), file), file);
  return { manifest, file };
}

async function readText(model: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const known = (await knownModels()).join(', ');
    const detail = model.endsWith('.json')
      ? `The manifest ${file} cannot be read.`
      : `There is no model "${model}". Known are ${known}; for a model of your own give the path of its manifest (.json).`;
    throw new CabinwatchError('MODEL_INVALID', detail, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The manifest ${file} is not JSON: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}
