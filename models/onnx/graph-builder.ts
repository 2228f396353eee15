import {
  type AttributeValue,
  ELEMENT_TYPE,
  encodeAttribute,
  encodeTensor,
  encodeValueInfo,
  type NodeProto,
  onnx,
  type TensorProto,
  type ValueInfoProto,
} from './proto.ts';
import { type ConstantTensor, type TensorType, tensor } from './tensor.ts';

declare const brand: unique symbol;
/** A tensor in a graph under construction. */
export type Value = string & { readonly [brand]: true };
/** An optional input left out. */
export const ABSENT = '' as Value;

type Attributes = Readonly<Record<string, AttributeValue>>;

export interface BuiltNode {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
}

export interface GraphBuilderOptions {
  readonly name: string;
  /** The default domain's operator set; 11 or newer. Operators that changed since are adapted to it. */
  readonly opset?: number;
  readonly irVersion?: number;
}

/**
 * Writes an ONNX graph one operator at a time. The same calls give the same bytes. What no output depends on is left
 * out when the graph is built, so peephole rewrites may leave orphans behind.
 */
export class GraphBuilder {
  readonly opset: number;
  readonly #name: string;
  readonly #irVersion: number;
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #constants = new Map<Value, ConstantTensor>();
  readonly #producers = new Map<Value, BuiltNode>();
  readonly #domains = new Map<string, number>();
  #count = 0;

  constructor(options: GraphBuilderOptions) {
    this.#name = options.name;
    this.opset = options.opset ?? 17;
    this.#irVersion = options.irVersion ?? 8;
    this.#domains.set('', this.opset);
  }

  input(name: string, type: TensorType, dims: readonly (number | string)[]): Value {
    this.#inputs.push(encodeValueInfo(name, type, dims));
    return name as Value;
  }

  output(name: string, value: Value, type: TensorType, dims?: readonly (number | string)[]): void {
    this.#nodes.push({ opType: 'Identity', name, input: [value], output: [name] });
    this.#outputs.push(encodeValueInfo(name, type, dims));
  }

  constant(t: ConstantTensor): Value {
    const value = this.#fresh('c');
    this.#constants.set(value, t);
    return value;
  }

  floats(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    return this.constant(tensor('float32', dims, values));
  }

  float(value: number): Value {
    return this.floats([value], []);
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    return this.constant(tensor('int64', dims, values));
  }

  int(value: number): Value {
    return this.ints([value], []);
  }

  /** The tensor behind a value, when it is known now. */
  constantOf(value: Value): ConstantTensor | undefined {
    return this.#constants.get(value);
  }

  /** The single-output node that makes a value, unless it is an input, a constant or came with an embedded model. */
  producerOf(value: Value): BuiltNode | undefined {
    return this.#producers.get(value);
  }

  op(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const [output] = this.#add(op, inputs, 1, attributes);
    this.#producers.set(output as Value, { op, inputs, attributes });
    return output as Value;
  }

  ops(op: string, inputs: readonly Value[], outputs: number, attributes: Attributes = {}): Value[] {
    return this.#add(op, inputs, outputs, attributes);
  }

  cast(value: Value, type: TensorType): Value {
    return this.op('Cast', [value], { to: ELEMENT_TYPE[type] });
  }

  reshape(value: Value, shape: readonly number[]): Value {
    return this.op('Reshape', [value, this.ints(shape)]);
  }

  /** Cancels against the transpose that made `value`, where the two undo each other. */
  transpose(value: Value, perm: readonly number[]): Value {
    const made = this.producerOf(value);
    if (made?.op === 'Transpose') {
      const before = made.attributes.perm as readonly number[];
      if (perm.every((axis, i) => before[axis] === i)) return made.inputs[0] as Value;
    }
    return this.op('Transpose', [value], { perm });
  }

  concat(values: readonly Value[], axis: number): Value {
    return values.length === 1 ? (values[0] as Value) : this.op('Concat', values, { axis });
  }

  slice(value: Value, starts: Value, ends: Value, axes: readonly number[], steps?: readonly number[]): Value {
    const inputs = [value, starts, ends, this.ints(axes)];
    return this.op('Slice', steps ? [...inputs, this.ints(steps)] : inputs);
  }

  /** `value[..., from:to, ...]` along one axis. */
  narrow(value: Value, axis: number, from: number, to: number): Value {
    return this.slice(value, this.ints([from]), this.ints([to]), [axis]);
  }

  /** Axes moved from attribute to input in opset 13. */
  squeeze(value: Value, axes: readonly number[]): Value {
    if (this.opset < 13) return this.op('Squeeze', [value], { axes });
    return this.op('Squeeze', [value, this.ints(axes)]);
  }

  unsqueeze(value: Value, axes: readonly number[]): Value {
    if (this.opset < 13) return this.op('Unsqueeze', [value], { axes });
    return this.op('Unsqueeze', [value, this.ints(axes)]);
  }

  /** Axes moved from attribute to input in opset 18 (for sums in 13). */
  reduce(kind: 'Max' | 'Min' | 'Mean' | 'Sum', value: Value, axes: readonly number[], keep: boolean): Value {
    const keepdims = keep ? 1 : 0;
    const since = kind === 'Sum' ? 13 : 18;
    if (this.opset < since) return this.op(`Reduce${kind}`, [value], { axes, keepdims });
    return this.op(`Reduce${kind}`, [value, this.ints(axes)], { keepdims });
  }

  /** Linear; before opset 13 the two inputs that give way to `sizes` may be empty but not absent. */
  resize(value: Value, sizes: Value, coordinates: 'half_pixel' | 'asymmetric' | 'align_corners'): Value {
    const unused = this.opset < 13 ? this.floats([]) : ABSENT;
    const attributes = { mode: 'linear', coordinate_transformation_mode: coordinates };
    return this.op('Resize', [value, unused, unused, sizes], attributes);
  }

  /** Takes in nodes made elsewhere, whose names must not meet the builder's own (they are c1, v2 …). */
  adopt(part: {
    readonly nodes: readonly NodeProto[];
    readonly initializers: readonly TensorProto[];
    readonly domains: readonly (readonly [string, number])[];
  }): void {
    this.#nodes.push(...part.nodes);
    for (const initializer of part.initializers) {
      this.#initializers.set(initializer.name as string, initializer);
    }
    for (const [domain, version] of part.domains) this.#domains.set(domain, version);
  }

  /** @returns the encoded ModelProto */
  build(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const { nodes, used } = this.#reachable();
    const initializer: TensorProto[] = [];
    for (const [value, t] of this.#constants) if (used.has(value)) initializer.push(encodeTensor(value, t));
    for (const [name, t] of this.#initializers) if (used.has(name)) initializer.push(t);
    const model = onnx.ModelProto.create({
      irVersion: this.#irVersion,
      producerName: 'cabinwatch',
      opsetImport: [...this.#domains].map(([domain, version]) => ({ domain, version })),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: { name: this.#name, node: nodes, initializer, input: this.#inputs, output: this.#outputs },
    });
    return onnx.ModelProto.encode(model).finish();
  }

  #add(op: string, inputs: readonly Value[], outputs: number, attributes: Attributes): Value[] {
    const values = Array.from({ length: outputs }, () => this.#fresh('v'));
    this.#nodes.push({
      opType: op,
      name: `${op}_${values[0]}`,
      input: [...inputs],
      output: values,
      attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    });
    return values;
  }

  #fresh(prefix: string): Value {
    this.#count += 1;
    return `${prefix}${this.#count}` as Value;
  }

  #reachable(): { nodes: NodeProto[]; used: Set<string> } {
    const used = new Set(this.#outputs.map((o) => o.name as string));
    const nodes: NodeProto[] = [];
    for (const node of [...this.#nodes].reverse()) {
      if (!node.output?.some((name) => used.has(name))) continue;
      nodes.push(node);
      for (const name of namesRead(node)) used.add(name);
    }
    return { nodes: nodes.reverse(), used };
  }
}

/** What a node reads, the bodies of loops and branches included, which may read from around them. */
function namesRead(node: NodeProto): string[] {
  const inner = (node.attribute ?? []).flatMap((attribute) => attribute.g?.node ?? []);
  return [...(node.input ?? []), ...inner.flatMap(namesRead)];
}
