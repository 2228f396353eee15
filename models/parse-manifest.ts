import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../core/index.ts';
import { FAMILIES, type Family, type FamilyName } from './families/index.ts';
import { COCO_LABELS } from './labels.ts';
import { type Manifest, ManifestSchema } from './manifest.ts';

/** A manifest that has been checked, its defaults filled in. */
export interface ParsedManifest extends Manifest {
  readonly family: FamilyName;
  /** The `decode` section with its defaults, `family` aside. */
  readonly decodeOptions: unknown;
  /** Those of the network, then that of the added head. */
  readonly classNames: readonly string[];
}

/**
 * @param where the manifest's file, for messages
 * @throws CabinwatchError MODEL_INVALID that lists every fault with its path
 */
export function parseManifest(raw: unknown, where: string): ParsedManifest {
  const manifest = checked<Manifest>(ManifestSchema, raw, where, '');
  const { family: name, ...rest } = manifest.decode;
  const family = (FAMILIES as Readonly<Record<string, Family>>)[name];
  if (!family) {
    throw invalid(where, [
      `/decode/family: "${name}" is not known; known are ${Object.keys(FAMILIES).join(', ')}`,
    ]);
  }
  if (family.task !== manifest.task) {
    throw invalid(where, [`/task: the family ${name} is for "${family.task}", not "${manifest.task}"`]);
  }
  const decodeOptions = checked<unknown>(family.options, rest, where, '/decode');
  const { size, stride, padTo, fit } = manifest.input;
  const faults: string[] = [];
  if (padTo === 'stride' && fit === 'stretch') {
    faults.push(
      '/input/padTo: "stride" is for pictures whose aspect is kept; a stretched one fills the size',
    );
  }
  if (size.width % stride || size.height % stride) {
    faults.push(`/input/size: ${size.width}x${size.height} is not a multiple of the stride ${stride}`);
  }
  const labels = manifest.labels === 'coco-80' ? COCO_LABELS : manifest.labels;
  const { head } = manifest;
  if (head && labels.includes(head.label)) {
    faults.push(
      `/head/label: the network has a class "${head.label}" already; give the added one another name`,
    );
  }
  if (head && manifest.task !== 'detect') faults.push('/head: only a detector can have an added head');
  if (faults.length) throw invalid(where, faults);
  return {
    ...manifest,
    family: name as FamilyName,
    decodeOptions,
    classNames: head ? [...labels, head.label] : labels,
  };
}

function checked<T>(schema: TSchema, raw: unknown, where: string, prefix: string): T {
  const value = Value.Default(schema, Value.Clone(raw));
  const errors = [...Value.Errors(schema, value)];
  if (errors.length) {
    throw invalid(
      where,
      errors.map((error) => `${prefix}${error.instancePath || '/'}: ${error.message}`),
    );
  }
  return value as T;
}

function invalid(where: string, faults: readonly string[]): CabinwatchError {
  return new CabinwatchError(
    'MODEL_INVALID',
    `The manifest ${where} is not valid:\n  ${faults.join('\n  ')}`,
  );
}
