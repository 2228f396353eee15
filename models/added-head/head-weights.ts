import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CabinwatchError } from '../../core/index.ts';
import type { CatalogueEntry } from '../catalogue.ts';
import { sha256 } from '../source-files.ts';
import { type NamedTensors, readSafetensors, writeSafetensors } from './safetensors.ts';

/** A convolution's weights [out, in, height, width] and biases [out]. */
export interface ConvWeights {
  readonly dims: readonly [number, number, number, number];
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * A head for one class on a frozen network: 1×1 to fewer channels, 3×3, 3×3 with dilation 2, 1×1 to a score and the
 * distances to the four sides.
 */
export interface HeadWeights {
  readonly layers: readonly ConvWeights[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The head's layers in their order, with what they look at around a cell. */
export const HEAD_LAYERS = [
  { name: 'reduce', kernel: 1, dilation: 1 },
  { name: 'near', kernel: 3, dilation: 1 },
  { name: 'far', kernel: 3, dilation: 2 },
  { name: 'out', kernel: 1, dilation: 1 },
] as const;
/** A score and the distances to left, top, right and bottom. */
export const HEAD_OUTPUTS = 5;
export const LEAK = 0.1;

export function encodeHead({ layers, metadata }: HeadWeights): Uint8Array {
  const tensors = new Map<string, { dims: readonly number[]; data: Float32Array }>();
  for (const [i, { name }] of HEAD_LAYERS.entries()) {
    const { dims, weight, bias } = layers[i] as ConvWeights;
    tensors.set(`${name}.weight`, { dims, data: weight });
    tensors.set(`${name}.bias`, { dims: [dims[0]], data: bias });
  }
  return writeSafetensors({ tensors, metadata });
}

/** @throws CabinwatchError MODEL_INVALID where a layer is missing or does not fit the one before it */
export function decodeHead(bytes: Uint8Array, file: string): HeadWeights {
  const named = readSafetensors(bytes, file);
  let inputs: number | undefined;
  const layers = HEAD_LAYERS.map(({ name, kernel }, i) => {
    const layer = layerOf(named, name);
    const outputs = i === HEAD_LAYERS.length - 1 ? HEAD_OUTPUTS : layer?.dims[0];
    const fits =
      layer &&
      layer.dims[0] === outputs &&
      layer.bias.length === outputs &&
      (inputs === undefined || layer.dims[1] === inputs) &&
      layer.dims[2] === kernel &&
      layer.dims[3] === kernel;
    if (!fits)
      throw new CabinwatchError('MODEL_INVALID', `${file}: the layer ${name} is missing or does not fit.`);
    inputs = outputs;
    return layer;
  });
  return { layers, metadata: named.metadata };
}

function layerOf({ tensors }: NamedTensors, name: string): ConvWeights | undefined {
  const weight = tensors.get(`${name}.weight`);
  const bias = tensors.get(`${name}.bias`);
  if (weight?.dims.length !== 4 || !bias) return undefined;
  return { dims: weight.dims as unknown as ConvWeights['dims'], weight: weight.data, bias: bias.data };
}

/** Where the weights of a manifest's added head lie; undefined where it has none. */
export function headFile({ manifest, file }: CatalogueEntry): string | undefined {
  return manifest.head && path.resolve(path.dirname(file), manifest.head.weights);
}

/**
 * The added head that a manifest names, its bytes checked; undefined where it names none.
 * @throws CabinwatchError MODEL_INVALID
 */
export async function readHead(entry: CatalogueEntry): Promise<HeadWeights | undefined> {
  const file = headFile(entry);
  if (file === undefined) return undefined;
  const bytes = await readFile(file).catch((cause) => {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file}, the added head of ${entry.manifest.id}, cannot be read. Check the manifest's head.weights.`,
      { cause },
    );
  });
  const expected = entry.manifest.head?.sha256;
  const found = sha256(bytes);
  if (expected !== undefined && found !== expected) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${file} is not what the manifest of ${entry.manifest.id} was written for: sha256 is ${found}, expected ${expected}. Restore the file, or correct the manifest's head.sha256.`,
    );
  }
  return decodeHead(bytes, file);
}
