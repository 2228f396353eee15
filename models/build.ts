import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CabinwatchError } from '../core/index.ts';
import { headFile, readHead } from './added-head/head-weights.ts';
import { assembleModel } from './assemble.ts';
import { modelFiles } from './built-model.ts';
import { type CatalogueEntry, knownModels, loadManifest } from './catalogue.ts';
import { prepareNetwork } from './prepare-network.ts';
import { sha256, verifiedSource } from './source-files.ts';

/** Raised when the graphs that are written change, so that what older code built is built again. */
const BUILDER_VERSION = 2;

export interface BuildOptions {
  /** Where the ONNX files go, each with its manifest beside it; made if missing. */
  readonly outDir: string;
  /** Ids of own models or paths of manifests; left out: every model of the project. */
  readonly only?: readonly string[];
  /** Called before each model is looked at and after. */
  readonly onProgress?: (progress: BuildProgress) => void;
  /** Builds in any case and writes the hash into the manifest, after a deliberate change of the converter. */
  readonly pin?: boolean;
}

export interface BuildProgress {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly state: 'working' | BuiltModel['state'];
}

export interface BuiltModel {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly state: 'built' | 'up-to-date';
}

/**
 * Builds what is missing or has changed; the same manifest and weights give the same bytes.
 * @throws CabinwatchError DEPENDENCY_MISSING or MODEL_INVALID, with what to do
 */
export async function buildModels(options: BuildOptions): Promise<BuiltModel[]> {
  await mkdir(options.outDir, { recursive: true });
  const models = options.only ?? (await knownModels());
  const built: BuiltModel[] = [];
  for (const [index, model] of models.entries()) {
    const entry = await loadManifest(model);
    const report = (state: BuildProgress['state']): void =>
      options.onProgress?.({ id: entry.manifest.id, index, count: models.length, state });
    report('working');
    const result = await buildModel(entry, options);
    built.push(result);
    report(result.state);
  }
  return built;
}

async function buildModel(entry: CatalogueEntry, options: BuildOptions): Promise<BuiltModel> {
  const { manifest } = entry;
  const source = await verifiedSource(entry);
  const raw = JSON.parse(await readFile(entry.file, 'utf8')) as Record<string, unknown>;
  const key = await buildKey(raw, [source, ...besides(entry)]);
  const files = modelFiles(options.outDir, manifest.id);
  const present = options.pin ? undefined : await upToDate(files, key, manifest.built?.sha256);
  if (present) return { id: manifest.id, file: files.model, ...present, state: 'up-to-date' };

  const bytes = assembleModel(manifest, await prepareNetwork(entry, source), await readHead(entry));
  const hash = sha256(bytes);
  if (options.pin) await writeFile(entry.file, pinned(await readFile(entry.file, 'utf8'), hash));
  else if (manifest.built && manifest.built.sha256 !== hash) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `Building ${manifest.id} gave sha256 ${hash}, the manifest expects ${manifest.built.sha256}: the converter has changed. If that was meant, check the accuracy and pin the new hash (models build --pin).`,
    );
  }
  await replace(files.model, bytes);
  await replace(files.manifest, jsonText({ ...raw, built: { sha256: hash } }));
  await replace(files.stamp, jsonText({ key, sha256: hash }));
  return { id: manifest.id, file: files.model, bytes: bytes.length, sha256: hash, state: 'built' };
}

async function buildKey(raw: Record<string, unknown>, files: readonly string[]): Promise<string> {
  const { built: _, ...described } = raw;
  // What is missing is reported by whoever needs it.
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => '')));
  const hashes = contents.map((content) => sha256(content));
  return sha256(JSON.stringify([BUILDER_VERSION, described, ...hashes]));
}

/** What else goes into the model: the calibration, the added head. */
function besides(entry: CatalogueEntry): string[] {
  const { manifest, file } = entry;
  const calibration = manifest.quantise && path.resolve(path.dirname(file), manifest.quantise.calibration);
  return [calibration, headFile(entry)].filter((name) => name !== undefined);
}

async function upToDate(
  files: { readonly model: string; readonly stamp: string },
  key: string,
  pinned: string | undefined,
): Promise<{ bytes: number; sha256: string } | undefined> {
  try {
    const stamp = JSON.parse(await readFile(files.stamp, 'utf8')) as { key: string; sha256: string };
    if (stamp.key !== key || (pinned && stamp.sha256 !== pinned)) return undefined;
    const bytes = await readFile(files.model);
    return sha256(bytes) === stamp.sha256 ? { bytes: bytes.length, sha256: stamp.sha256 } : undefined;
  } catch {
    return undefined; // nothing there, or not readable: built anew
  }
}

/** The manifest's own text with the hash put in, the rest of it as its author wrote it. */
function pinned(text: string, hash: string): string {
  const entry = `"built": { "sha256": "${hash}" }`;
  const present = /"built":\s*\{[^}]*\}/;
  return present.test(text) ? text.replace(present, entry) : text.replace(/\s*\}\s*$/, `,\n  ${entry}\n}\n`);
}

/** Whole or not at all, so that a reader never meets half a file. */
async function replace(file: string, content: Uint8Array | string): Promise<void> {
  const partial = `${file}.${process.pid}.part`;
  await writeFile(partial, content);
  await rename(partial, file);
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
