import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CabinwatchError } from '../../core/index.ts';
import { assembleNetwork } from '../assemble.ts';
import type { Network } from '../network.ts';
import { onnx } from '../onnx/proto.ts';
import type { ParsedManifest } from '../parse-manifest.ts';
import { sha256 } from '../source-files.ts';
import { featureMaps } from './feature-maps.ts';

/** What the feature maps of one very network were between, on pictures like those it is used for. */
export const CalibrationSchema = Type.Object({
  network: Type.String({ description: 'SHA-256 of the converted network, whose tensor names these are.' }),
  pictures: Type.String({ description: 'What pictures it was measured on.' }),
  ranges: Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), {
    description: 'Least and largest value by tensor.',
  }),
});

export type Calibration = Static<typeof CalibrationSchema>;

/** @throws CabinwatchError MODEL_INVALID */
export async function readCalibration(file: string): Promise<Calibration> {
  try {
    const calibration: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (Value.Check(CalibrationSchema, calibration)) return calibration;
  } catch (cause) {
    throw new CabinwatchError('MODEL_INVALID', `The calibration ${file} cannot be read.`, { cause });
  }
  throw new CabinwatchError(
    'MODEL_INVALID',
    `The calibration ${path.basename(file)} lacks network or ranges.`,
  );
}

export interface CalibrationProbe {
  /** The network with every feature map as an output; input `input` as the manifest describes it. */
  readonly model: Uint8Array;
  readonly tensors: readonly string[];
  /** For `Calibration.network`. */
  readonly network: string;
}

/** A network to measure ranges with. */
export function calibrationProbe(manifest: ParsedManifest, network: Network): CalibrationProbe {
  const bytes = assembleNetwork(manifest, network);
  const model = onnx.ModelProto.decode(bytes);
  const { tensors } = featureMaps(model);
  const given = new Set(
    [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])].map(({ name }) => name),
  );
  for (const name of tensors) {
    if (!given.has(name)) model.graph?.output?.push({ name, type: { tensorType: { elemType: 1 } } });
  }
  return { model: onnx.ModelProto.encode(model).finish(), tensors, network: sha256(bytes) };
}
