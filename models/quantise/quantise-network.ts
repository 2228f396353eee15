import { CabinwatchError } from '../../core/index.ts';
import { encodeAttribute, type ModelProto, type NodeProto, onnx, type TensorProto } from '../onnx/proto.ts';
import { elementCount } from '../onnx/tensor.ts';
import type { Calibration } from './calibration.ts';
import { dataInputs, type FeatureMaps, featureMaps } from './feature-maps.ts';

export interface QuantiseOptions {
  readonly ranges: Calibration['ranges'];
  /**
   * 7 or 8. Products of 8-bit weights can overflow the 16-bit sums of x86 processors without VNNI; with 7 they cannot,
   * on any.
   */
  readonly weightBits: number;
}

/**
 * A copy of a network that computes its feature maps in 8 bits: activations as uint8 with one scale a tensor, weights as
 * int8 with one scale an output channel. Written as QuantizeLinear/DequantizeLinear pairs, which onnxruntime turns into
 * integer operators and other runtimes can still compute.
 */
export function quantiseNetwork(model: ModelProto, options: QuantiseOptions): ModelProto {
  const copy = onnx.ModelProto.decode(onnx.ModelProto.encode(model).finish());
  const writer = new QuantisedWriter(copy, featureMaps(copy), options);
  for (const node of [...(copy.graph?.node ?? [])]) writer.take(node);
  const graph = copy.graph as NonNullable<ModelProto['graph']>;
  graph.node = writer.nodes as never;
  graph.initializer = [...(graph.initializer ?? []), ...writer.initializers] as never;
  return copy;
}

const [FLOAT, UINT8, INT8, INT32] = [1, 2, 3, 6];

class QuantisedWriter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #maps: FeatureMaps;
  readonly #options: QuantiseOptions;
  readonly #constants: ReadonlyMap<string, TensorProto>;
  readonly #scales = new Map<string, number>();
  readonly #read = new Map<string, string>();

  constructor(model: ModelProto, maps: FeatureMaps, options: QuantiseOptions) {
    this.#maps = maps;
    this.#options = options;
    this.#constants = new Map((model.graph?.initializer ?? []).map((t) => [t.name as string, t]));
  }

  take(node: NodeProto): void {
    if (this.#maps.nodes.has(node)) {
      const maps = new Set(dataInputs(node, new Set(this.#constants.keys())));
      const from = node.input?.[0] as string;
      node.input = (node.input ?? []).map((name) =>
        maps.has(name) && !this.#maps.inner.has(name) ? this.#rounded(name) : name,
      );
      if (node.opType === 'Conv') this.#quantiseWeights(node, this.#scaleOf(from));
    } else if (node.opType === 'Identity' && this.#maps.tensors.includes(node.input?.[0] as string)) {
      // A feature map that is given out is given out rounded, so that it need not exist in floating point as well.
      node.input = [this.#rounded(node.input?.[0] as string)];
    }
    this.nodes.push(node);
  }

  /** The tensor as it comes out of a QuantizeLinear/DequantizeLinear pair. */
  #rounded(name: string): string {
    const done = this.#read.get(name);
    if (done) return done;
    this.#scaleOf(name);
    const owner = this.#owner(name);
    const [scale, zero] = [`${owner}/scale`, `${owner}/zero`];
    this.nodes.push(
      { opType: 'QuantizeLinear', name: `${name}/q`, input: [name, scale, zero], output: [`${name}/q`] },
      {
        opType: 'DequantizeLinear',
        name: `${name}/dq`,
        input: [`${name}/q`, scale, zero],
        output: [`${name}/dq`],
      },
    );
    this.#read.set(name, `${name}/dq`);
    return `${name}/dq`;
  }

  #owner(name: string): string {
    const other = this.#maps.sameScale.get(name);
    return other === undefined ? name : this.#owner(other);
  }

  #scaleOf(name: string): number {
    const owner = this.#owner(name);
    const known = this.#scales.get(owner);
    if (known !== undefined) return known;
    const [least = 0, largest = 0] = this.#options.ranges[owner] ?? [];
    // Zero must be exact: it is what padding is made of.
    const [low, high] = [Math.min(0, least), Math.max(0, largest)];
    if (!(high > low)) {
      throw new CabinwatchError(
        'MODEL_INVALID',
        `The calibration has no range for ${owner}. Calibrate again.`,
      );
    }
    const scale = Math.fround((high - low) / 255);
    this.#scales.set(owner, scale);
    this.#constant(`${owner}/scale`, [], FLOAT as number, new Float32Array([scale]));
    const zero = Math.max(0, Math.min(255, Math.round(-low / scale)));
    this.#constant(`${owner}/zero`, [], UINT8 as number, new Uint8Array([zero]));
    return scale;
  }

  #quantiseWeights(node: NodeProto, inputScale: number): void {
    const [data, weightName, biasName] = node.input as [string, string, string?];
    const weight = this.#constants.get(weightName) as TensorProto;
    const dims = (weight.dims ?? []).map(Number);
    const outputs = dims[0] as number;
    const values = floatsOf(weight);
    const most = 2 ** (this.#options.weightBits - 1) - 1;
    const scales = channelScales(values, outputs, most);
    const each = elementCount(dims) / outputs;
    const integers = Int8Array.from(values, (v, i) =>
      Math.round(v / (scales[Math.floor(i / each)] as number)),
    );
    const input = [data, this.#perChannel(weightName, dims, INT8 as number, integers, scales)];
    if (biasName) {
      const biasScales = scales.map((scale) => Math.fround(scale * inputScale));
      const bias = Int32Array.from(floatsOf(this.#constants.get(biasName) as TensorProto), (v, i) =>
        Math.round(v / (biasScales[i] as number)),
      );
      input.push(this.#perChannel(biasName, [outputs], INT32 as number, bias, biasScales));
    }
    node.input = input;
  }

  /** Integers with a scale for each of their first axis, given out as floats again. */
  #perChannel(
    name: string,
    dims: readonly number[],
    type: number,
    integers: Int8Array | Int32Array,
    scales: Float32Array,
  ): string {
    const inputs = [`${name}/int`, `${name}/scale`];
    this.#constant(`${name}/int`, dims, type, integers);
    this.#constant(`${name}/scale`, [scales.length], FLOAT as number, scales);
    this.nodes.push({
      opType: 'DequantizeLinear',
      name: `${name}/dq`,
      input: inputs,
      output: [`${name}/dq`],
      attribute: [encodeAttribute('axis', 0)],
    });
    return `${name}/dq`;
  }

  #constant(name: string, dims: readonly number[], dataType: number, data: ArrayBufferView): void {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push({ name, dims: [...dims], dataType, rawData });
  }
}

function channelScales(values: Float32Array, outputs: number, most: number): Float32Array {
  const each = values.length / outputs;
  return Float32Array.from({ length: outputs }, (_, channel) => {
    const own = values.subarray(channel * each, (channel + 1) * each);
    const largest = own.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    return largest > 0 ? largest / most : 1;
  });
}

function floatsOf(t: TensorProto): Float32Array {
  const raw = t.rawData as Uint8Array | undefined;
  if (!raw?.byteLength) return Float32Array.from((t.floatData ?? []) as number[]);
  // A copy, because the bytes lie anywhere within the file's.
  return new Float32Array(new Uint8Array(raw).buffer);
}
