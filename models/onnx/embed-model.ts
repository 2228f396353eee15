import type { GraphBuilder, Value } from './graph-builder.ts';
import type { ModelProto, NodeProto, TensorProto } from './proto.ts';

type GraphProto = NonNullable<ModelProto['graph']>;

const PREFIX = 'net/';
const renamed = (name: string): string => (name === '' ? '' : PREFIX + name);

/**
 * Takes a whole model into a graph under construction, fed by `feeds`.
 * The builder must have been made with the model's own opset.
 * @returns its outputs by name
 */
export function embedModel(
  builder: GraphBuilder,
  model: ModelProto,
  feeds: ReadonlyMap<string, Value>,
): Map<string, Value> {
  const graph = model.graph as GraphProto;
  const entries: NodeProto[] = [...feeds].map(([name, value]) => ({
    opType: 'Identity',
    name: renamed(name),
    input: [value],
    output: [renamed(name)],
  }));
  builder.adopt({
    nodes: [...entries, ...(graph.node ?? []).map(renameNode)],
    initializers: (graph.initializer ?? []).map(renameTensor),
    domains: (model.opsetImport ?? [])
      .map((opset) => [opset.domain ?? '', Number(opset.version)] as const)
      .filter(([domain]) => domain !== '' && domain !== 'ai.onnx'),
  });
  return new Map(
    (graph.output ?? []).map((output) => [output.name as string, renamed(output.name as string) as Value]),
  );
}

const renameTensor = (t: TensorProto): TensorProto => ({ ...t, name: renamed(t.name ?? '') });

function renameNode(node: NodeProto): NodeProto {
  return {
    ...node,
    name: renamed(node.name ?? ''),
    input: (node.input ?? []).map(renamed),
    output: (node.output ?? []).map(renamed),
    attribute: (node.attribute ?? []).map((attribute) =>
      attribute.g ? { ...attribute, g: renameGraph(attribute.g as GraphProto) } : attribute,
    ),
  };
}

/** Bodies of loops and branches see the names around them, so the same prefix goes on everything inside. */
function renameGraph(graph: GraphProto): GraphProto {
  const ports = (list: GraphProto['input']) =>
    (list ?? []).map((port) => ({ ...port, name: renamed(port.name ?? '') }));
  return {
    ...graph,
    node: (graph.node ?? []).map(renameNode),
    initializer: (graph.initializer ?? []).map(renameTensor),
    input: ports(graph.input),
    output: ports(graph.output),
    valueInfo: [],
  } as GraphProto;
}
