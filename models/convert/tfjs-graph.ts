import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CabinwatchError } from '../../core/index.ts';
import { type ConstantTensor, elementCount, tensor } from '../onnx/tensor.ts';
import { widenFloat16 } from './float16.ts';

/** One operation of a TensorFlow graph. Inputs are `name` or `name:output`; control inputs are left out. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: TfAttributes;
}

export interface TfjsGraph {
  /** In an order in which every node follows what it reads. */
  readonly nodes: readonly TfNode[];
  readonly weights: ReadonlyMap<string, ConstantTensor>;
  /** The node behind each output of the signature, in the signature's order. */
  readonly outputs: readonly string[];
}

interface RawAttribute {
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly s?: string;
  readonly type?: string;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
}

interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, RawAttribute>>;
}

interface RawWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

interface RawModel {
  readonly modelTopology?: { readonly node?: readonly RawNode[] };
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly RawWeight[];
  }[];
  readonly signature?: { readonly outputs?: Readonly<Record<string, { readonly name: string }>> };
}

/** The attributes of one node, decoded as they are asked for (text is base64 in the JSON). */
export class TfAttributes {
  readonly #raw: Readonly<Record<string, RawAttribute>>;

  constructor(raw: Readonly<Record<string, RawAttribute>>) {
    this.#raw = raw;
  }

  int(name: string, fallback: number): number {
    const value = this.#raw[name]?.i;
    return value === undefined ? fallback : Number(value);
  }

  float(name: string, fallback: number): number {
    return this.#raw[name]?.f ?? fallback;
  }

  bool(name: string): boolean {
    return this.#raw[name]?.b ?? false;
  }

  text(name: string): string {
    return decodeText(this.#raw[name]?.s ?? '');
  }

  /** A TensorFlow element type such as DT_FLOAT. */
  type(name: string): string {
    return this.#raw[name]?.type ?? '';
  }

  ints(name: string): number[] {
    return (this.#raw[name]?.list?.i ?? []).map(Number);
  }

  texts(name: string): string[] {
    return (this.#raw[name]?.list?.s ?? []).map(decodeText);
  }
}

const decodeText = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');

/** Splits `name:output`; the first output carries no number. */
export function parseInput(input: string): { name: string; output: number } {
  const colon = input.lastIndexOf(':');
  if (colon < 0) return { name: input, output: 0 };
  return { name: input.slice(0, colon), output: Number(input.slice(colon + 1)) };
}

/** Reads a TFJS graph model: the JSON topology and the weight shards beside it. */
export async function readTfjsGraph(jsonFile: string): Promise<TfjsGraph> {
  const raw = JSON.parse(await readFile(jsonFile, 'utf8')) as RawModel;
  const nodes = raw.modelTopology?.node;
  const groups = raw.weightsManifest;
  const outputs = raw.signature?.outputs;
  if (!nodes || !groups || !outputs) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${path.basename(jsonFile)} is not a TFJS graph model: it needs modelTopology.node, weightsManifest and signature.`,
    );
  }
  const weights = new Map<string, ConstantTensor>();
  for (const group of groups) {
    const shards = group.paths.map((shard) => readFile(path.join(path.dirname(jsonFile), shard)));
    readWeights(Buffer.concat(await Promise.all(shards)), group.weights, weights);
  }
  return {
    nodes: topologicalOrder(nodes.map(toNode)),
    weights,
    outputs: Object.values(outputs).map((output) => parseInput(output.name).name),
  };
}

function toNode(raw: RawNode): TfNode {
  return {
    name: raw.name,
    op: raw.op,
    inputs: (raw.input ?? []).filter((input) => !input.startsWith('^')),
    attributes: new TfAttributes(raw.attr ?? {}),
  };
}

function readWeights(
  bytes: Uint8Array,
  specs: readonly RawWeight[],
  into: Map<string, ConstantTensor>,
): void {
  let offset = 0;
  for (const spec of specs) {
    const count = elementCount(spec.shape);
    const half = spec.quantization?.dtype === 'float16';
    if ((spec.quantization && !half) || !(spec.dtype === 'float32' || spec.dtype === 'int32')) {
      throw new CabinwatchError(
        'MODEL_INVALID',
        `The weight ${spec.name} is stored as ${spec.quantization?.dtype ?? spec.dtype}; float32, float16 and int32 can be read.`,
      );
    }
    // Copied, because a typed array must start at a multiple of its element size and a shard may not.
    const slice = new Uint8Array(bytes.subarray(offset, offset + count * (half ? 2 : 4)));
    offset += slice.byteLength;
    const data = half
      ? widenFloat16(slice)
      : spec.dtype === 'float32'
        ? new Float32Array(slice.buffer, slice.byteOffset, count)
        : new Int32Array(slice.buffer, slice.byteOffset, count);
    into.set(spec.name, tensor(spec.dtype, spec.shape, data));
  }
  if (offset !== bytes.byteLength) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `The weight files hold ${bytes.byteLength} bytes where the topology describes ${offset}: topology and weights do not belong together.`,
    );
  }
}

function topologicalOrder(nodes: readonly TfNode[]): TfNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const ordered: TfNode[] = [];
  const seen = new Set<string>();
  const visit = (node: TfNode): void => {
    if (seen.has(node.name)) return;
    seen.add(node.name);
    for (const input of node.inputs) {
      const before = byName.get(parseInput(input).name);
      if (before) visit(before);
    }
    ordered.push(node);
  };
  for (const node of nodes) visit(node);
  return ordered;
}
