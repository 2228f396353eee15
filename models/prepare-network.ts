import path from 'node:path';
import { CabinwatchError } from '../core/index.ts';
import { assembleNetwork } from './assemble.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { embeddable, type Network, readNetwork } from './network.ts';
import { onnx } from './onnx/proto.ts';
import { describeNetwork } from './onnx/read-model.ts';
import { readCalibration } from './quantise/calibration.ts';
import { quantiseNetwork } from './quantise/quantise-network.ts';
import { sha256 } from './source-files.ts';

/** The network that a manifest describes, in 8 bits where it says so. */
export async function prepareNetwork({ manifest, file }: CatalogueEntry, source: string): Promise<Network> {
  const network = await readNetwork(manifest, source);
  if (!manifest.quantise) return network;
  const calibration = await readCalibration(path.resolve(path.dirname(file), manifest.quantise.calibration));
  if (network.opset < 13) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${manifest.id} cannot be quantised: its network has opset ${network.opset}; export it with 13 or newer.`,
    );
  }
  const bytes = assembleNetwork(manifest, network);
  if (sha256(bytes) !== calibration.network) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The calibration of ${manifest.id} was taken with another network or converter. Take it again (scripts/calibrate.ts).`,
    );
  }
  const tapped = manifest.head ? assembleNetwork(manifest, network, manifest.head.taps) : bytes;
  const quantised = quantiseNetwork(onnx.ModelProto.decode(tapped), {
    ranges: calibration.ranges,
    weightBits: manifest.quantise.weightBits,
  });
  return embeddable(describeNetwork(quantised, manifest.id), 'input');
}
