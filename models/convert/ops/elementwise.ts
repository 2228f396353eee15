import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';
import { type ConstantTensor, reshapeTensor } from '../../onnx/tensor.ts';
import { inputOf, TO_NHWC, type Translation, type Translator } from '../translation.ts';

/** Operations that treat every element alike, and so may change places with a change of layout. */
export const elementwiseOps: Readonly<Record<string, Translator>> = Object.freeze({
  Add: binary('Add'),
  AddV2: binary('Add'),
  AddN: (t) => t.inputs.reduce((sum, next) => elementwise(t.builder, 'Add', [sum, next])),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  RealDiv: binary('Div'),
  Minimum: binary('Min'),
  Maximum: binary('Max'),
  Less: binary('Less'),
  Greater: binary('Greater'),
  GreaterEqual: (t) => t.builder.op('Not', [t.builder.op('Less', [inputOf(t, 0), inputOf(t, 1)])]),
  Equal: binary('Equal'),
  LogicalAnd: binary('And'),
  SquaredDifference: (t) => {
    const difference = elementwise(t.builder, 'Sub', [inputOf(t, 0), inputOf(t, 1)]);
    return elementwise(t.builder, 'Mul', [difference, difference]);
  },
  FloorDiv: (t) => {
    const quotient = elementwise(t.builder, 'Div', [inputOf(t, 0), inputOf(t, 1)]);
    // ONNX divides integers towards zero; the graphs that get here only divide positions, which are not negative.
    return t.node.attributes.type('T') === 'DT_FLOAT' ? t.builder.op('Floor', [quotient]) : quotient;
  },
  Select: (t) => t.builder.op('Where', [inputOf(t, 0), inputOf(t, 1), inputOf(t, 2)]),
  Abs: unary('Abs'),
  Exp: unary('Exp'),
  Identity: (t) => inputOf(t, 0),
  LeakyRelu: (t) =>
    elementwise(t.builder, 'LeakyRelu', [inputOf(t, 0)], {
      alpha: { float: t.node.attributes.float('alpha', 0.2) },
    }),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Relu6: (t) => t.builder.op('Clip', [inputOf(t, 0), t.builder.float(0), t.builder.float(6)]),
  Sigmoid: unary('Sigmoid'),
  Sqrt: unary('Sqrt'),
});

function unary(op: string): Translator {
  return (t) => elementwise(t.builder, op, [inputOf(t, 0)]);
}

function binary(op: string): Translator {
  return (t: Translation) => {
    const inputs = [inputOf(t, 0), inputOf(t, 1)].map((input) => plainest(t.builder, input));
    const [left, right] = inputs as [Value, Value];
    if (op === 'Sub' && isZeroScalar(t.builder, right)) return left;
    return (op === 'Add' && biasedConvolution(t.builder, inputs)) || elementwise(t.builder, op, inputs);
  };
}

/** One number for all channels becomes a scalar, which is several times faster over a whole picture. */
function plainest(builder: GraphBuilder, value: Value): Value {
  const constant = builder.constantOf(value);
  if (constant?.dims.length !== 4 || constant.dims.at(-1) !== constant.data.length) return value;
  const first = constant.data[0] as number;
  const uniform = Array.from(constant.data).every((element) => element === first);
  return uniform ? builder.constant({ type: constant.type, dims: [], data: [first] }) : value;
}

function isZeroScalar(builder: GraphBuilder, value: Value): boolean {
  const constant = builder.constantOf(value);
  return constant?.dims.length === 0 && constant.data[0] === 0;
}

/** Works in NCHW where all inputs come from there, so that the transposes of neighbouring convolutions meet and cancel. */
function elementwise(
  builder: GraphBuilder,
  op: string,
  inputs: readonly Value[],
  attributes: Readonly<Record<string, { readonly float: number }>> = {},
): Value {
  const behind = inputs.map((input) => nchwBehind(builder, input));
  const moved = behind.some((value, i) => value !== undefined && !builder.constantOf(inputs[i] as Value));
  if (!moved || behind.includes(undefined)) return builder.op(op, inputs, attributes);
  return builder.transpose(builder.op(op, behind as Value[], attributes), TO_NHWC);
}

/** The NCHW value that `value` is the NHWC view of, or a per-channel or single constant laid out for NCHW. */
function nchwBehind(builder: GraphBuilder, value: Value): Value | undefined {
  const constant = builder.constantOf(value);
  if (constant) {
    const channels = perChannel(constant);
    return channels && builder.constant(channels);
  }
  const made = builder.producerOf(value);
  if (made?.op !== 'Transpose') return undefined;
  return String(made.attributes.perm) === String(TO_NHWC) ? made.inputs[0] : undefined;
}

function perChannel(constant: ConstantTensor): ConstantTensor | undefined {
  if (constant.dims.length === 0) return constant;
  const channels = constant.dims.at(-1) as number;
  return constant.data.length === channels ? reshapeTensor(constant, [channels, 1, 1]) : undefined;
}

/** `Conv + per-channel constant` is a convolution with a bias. */
function biasedConvolution(builder: GraphBuilder, inputs: readonly Value[]): Value | undefined {
  const [x, addend] = inputs as [Value, Value];
  const bias = builder.constantOf(addend);
  const inner = nchwBehind(builder, x);
  const made = inner && builder.producerOf(inner);
  if (bias?.dims.length !== 1 || made?.op !== 'Conv' || made.inputs.length !== 2) return undefined;
  const biased = builder.op('Conv', [...made.inputs, addend], made.attributes);
  return builder.transpose(biased, TO_NHWC);
}
