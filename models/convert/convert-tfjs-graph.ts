import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import type { ConstantTensor } from '../onnx/tensor.ts';
import { foldConstant } from './constant-folding.ts';
import { TRANSLATORS } from './ops/index.ts';
import { parseInput, type TfjsGraph, type TfNode } from './tfjs-graph.ts';
import { type PictureSize, type Translation, unsupported } from './translation.ts';

export interface ConversionInput {
  readonly value: Value;
  /** The axes of `value` that are height and width. */
  readonly spatialAxes: readonly [number, number];
  /**
   * The picture size whose feature-map sizes are frozen into the graph. Where given, those sizes are made to follow
   * the picture that really comes in, so that a fully convolutional network runs at any multiple of its stride.
   */
  readonly frozenSize?: PictureSize;
}

/**
 * Writes a TFJS graph model into `builder`, fed by `input`.
 * @returns the value of each output of the model's signature, by name
 * @throws CabinwatchError MODEL_INVALID for an operation that cannot be converted
 */
export function convertTfjsGraph(
  graph: TfjsGraph,
  builder: GraphBuilder,
  input: ConversionInput,
): Map<string, Value> {
  const values = new Map<string, readonly Value[]>();
  const lookup = (name: string): Value => {
    const parsed = parseInput(name);
    return values.get(parsed.name)?.[parsed.output] as Value;
  };
  const rescale = rescaler(builder, input);
  for (const node of graph.nodes) {
    values.set(node.name, translate(node));
  }
  return new Map(graph.outputs.map((name) => [name, lookup(name)]));

  function translate(node: TfNode): readonly Value[] {
    if (node.op === 'Placeholder') return [input.value];
    const weight = graph.weights.get(node.name);
    if (weight) return [builder.constant(weight)];
    const inputs = node.inputs.map(lookup);
    const folded = foldConstant(
      node,
      inputs.map((value) => builder.constantOf(value)),
    );
    if (folded) return [builder.constant(folded)];
    const translator = TRANSLATORS[node.op];
    if (!translator) throw unsupported(node, 'there is no translator for it');
    const known = (index: number): ConstantTensor => {
      const constant = builder.constantOf(inputs[index] as Value);
      if (!constant) throw unsupported(node, `input ${index} is only known at run time`);
      return constant;
    };
    const translation: Translation = { builder, node, inputs, rescale, known };
    const result = translator(translation);
    return typeof result === 'string' ? [result] : result;
  }
}

function rescaler(builder: GraphBuilder, input: ConversionInput): (size: readonly number[]) => Value {
  const { frozenSize } = input;
  if (!frozenSize) return (size) => builder.ints(size);
  const shape = builder.op('Shape', [input.value]);
  const now = builder.op('Gather', [shape, builder.ints(input.spatialAxes)], { axis: 0 });
  const then = builder.ints([frozenSize.height, frozenSize.width]);
  return (size) => builder.op('Div', [builder.op('Mul', [now, builder.ints(size)]), then]);
}
