import type { ModelProto, NodeProto } from '../onnx/proto.ts';

/** Operators that onnxruntime has in 8 bits and that feature maps go through. */
const QUANTISABLE = new Set(['Add', 'Clip', 'Concat', 'Conv', 'LeakyRelu', 'MaxPool', 'Relu', 'Resize']);
/** Those whose answers are some of their inputs, in the same scale. */
const SCALE_KEEPING = new Set(['MaxPool', 'Resize']);
/** Those that onnxruntime folds into the convolution before them. */
const FOLDED = new Set(['Clip', 'Relu']);

export interface FeatureMaps {
  /** The nodes that are to run in 8 bits. */
  readonly nodes: ReadonlySet<NodeProto>;
  /** The tensors that get a scale, in the order of the graph. */
  readonly tensors: readonly string[];
  /** Tensors that share the scale of another: by their own name, the other's. */
  readonly sameScale: ReadonlyMap<string, string>;
  /** Outputs of convolutions that an activation follows at once: they never leave the convolution. */
  readonly inner: ReadonlySet<string>;
}

/**
 * The part of a network that can run in 8 bits: its convolutions and what lies between them. Convolutions that no such
 * operation follows are the network's heads; they stay in floating point, because scores and distances are read off them.
 */
export function featureMaps(model: ModelProto): FeatureMaps {
  const graph = model.graph;
  const all = (graph?.node ?? []) as NodeProto[];
  const constants = new Set((graph?.initializer ?? []).map((tensor) => tensor.name as string));
  const consumers = new Map<string, NodeProto[]>();
  for (const node of all) {
    for (const name of node.input ?? []) consumers.set(name, [...(consumers.get(name) ?? []), node]);
  }
  const after = (node: NodeProto): NodeProto[] => consumers.get(node.output?.[0] ?? '') ?? [];
  const isHead = (node: NodeProto): boolean =>
    node.opType === 'Conv' && !after(node).some((next) => QUANTISABLE.has(next.opType ?? ''));

  const nodes = new Set<NodeProto>();
  const made = new Set<string>();
  const tensors = new Set<string>();
  const sameScale = new Map<string, string>();
  const inner = new Set<string>();
  for (const node of all) {
    const inputs = dataInputs(node, constants);
    const reached = node.opType === 'Conv' || inputs.some((name) => made.has(name));
    if (!QUANTISABLE.has(node.opType ?? '') || !reached || isHead(node)) continue;
    const output = node.output?.[0] as string;
    nodes.add(node);
    made.add(output);
    const follower = after(node);
    if (node.opType === 'Conv' && follower.length === 1 && FOLDED.has(follower[0]?.opType ?? '')) {
      inner.add(output);
    }
    for (const name of [...inputs, output]) if (!inner.has(name)) tensors.add(name);
    if (SCALE_KEEPING.has(node.opType ?? '')) sameScale.set(output, inputs[0] as string);
  }
  return { nodes, tensors: [...tensors], sameScale, inner };
}

/** The feature maps among a node's inputs: weights, sizes and absent inputs left out. */
export function dataInputs(node: NodeProto, constants: ReadonlySet<string>): string[] {
  const names = node.opType === 'Resize' ? (node.input ?? []).slice(0, 1) : (node.input ?? []);
  return names.filter((name) => name !== '' && !constants.has(name));
}
