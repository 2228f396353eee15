import ort from 'onnxruntime-node';
import {
  assembleNetwork,
  loadManifest,
  loadTfjsNetwork,
  type ParsedManifest,
  type ReferenceTensor,
  readNetwork,
  verifiedSource,
} from '../../../models/index.ts';

/** Runs a network, and nothing around it, on one prepared input. */
export type RunNetwork = (input: ReferenceTensor) => Promise<ReadonlyMap<string, ReferenceTensor>>;

export interface BothNetworks {
  readonly manifest: ParsedManifest;
  /** In TensorFlow.js, as it was delivered. */
  readonly original: RunNetwork;
  /** Converted, in onnxruntime on one thread. */
  readonly converted: RunNetwork;
}

export async function bothNetworks(id: string): Promise<BothNetworks> {
  const { manifest, file } = await loadManifest(id);
  const source = await verifiedSource({ manifest, file });
  const tfjs = await loadTfjsNetwork(source);
  const bytes = assembleNetwork(manifest, await readNetwork(manifest, source));
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  return {
    manifest,
    original: (input) => tfjs.run(input),
    async converted({ type, dims, data }) {
      const outputs = await session.run({ input: new ort.Tensor(type, data as never, [...dims]) });
      return new Map(
        Object.entries(outputs).map(([name, output]) => [
          name,
          { type: 'float32', dims: output.dims, data: output.data as Float32Array },
        ]),
      );
    },
  };
}

/**
 * The original, which runs the conversion beside it and keeps how far the two were ever apart.
 * @param counts which elements to compare; left out: all
 */
export function compared(
  { original, converted }: BothNetworks,
  counts: (output: ReferenceTensor, index: number) => boolean = () => true,
): { readonly run: RunNetwork; largest(): number } {
  let largest = 0;
  return {
    largest: () => largest,
    async run(input) {
      const [theirs, ours] = [await original(input), await converted(input)];
      for (const [name, output] of theirs) {
        const other = ours.get(name)?.data ?? [];
        for (let i = 0; i < output.data.length; i++) {
          if (!counts(output, i)) continue;
          largest = Math.max(largest, Math.abs((output.data[i] as number) - (other[i] ?? Number.NaN)));
        }
      }
      return theirs;
    },
  };
}
