import type { GraphBuilder, Value } from '../../onnx/graph-builder.ts';
import { type ConstantTensor, reshapeTensor, transposeTensor } from '../../onnx/tensor.ts';
import { inputOf, TO_NCHW, TO_NHWC, type Translation, type Translator, unsupported } from '../translation.ts';

/**
 * Convolutions and pooling. TensorFlow's are NHWC, ONNX's NCHW: each is written between two transposes, which cancel
 * against the neighbours'.
 */
export const convolutionOps: Readonly<Record<string, Translator>> = Object.freeze({
  Conv2D: (t) => convolution(t, denseKernel(t)),
  _FusedConv2D: (t) => convolution(t, denseKernel(t)),
  DepthwiseConv2dNative: (t) => convolution(t, depthwiseKernel(t)),
  FusedDepthwiseConv2dNative: (t) => convolution(t, depthwiseKernel(t)),
  MaxPool: maxPool,
  Pad: pad,
  PadV2: pad,
  ResizeBilinear: resizeBilinear,
});

interface Kernel {
  /** [outputs, inputs per group, height, width] */
  readonly weights: ConstantTensor;
  readonly groups: number;
}

function denseKernel(t: Translation): Kernel {
  return { weights: transposeTensor(t.known(1), [3, 2, 0, 1]), groups: 1 };
}

function depthwiseKernel(t: Translation): Kernel {
  const [h, w, channels, multiplier] = t.known(1).dims as [number, number, number, number];
  const weights = transposeTensor(t.known(1), [2, 3, 0, 1]);
  return { weights: reshapeTensor(weights, [channels * multiplier, 1, h, w]), groups: channels };
}

function convolution(t: Translation, kernel: Kernel): Value {
  const { builder, node } = t;
  const fused = node.attributes.texts('fused_ops');
  const window = slidingWindow(t, kernel.weights.dims.slice(2), isZero);
  const dilations = node.attributes.ints('dilations').slice(1, 3);
  const inputs = [window.input, builder.constant(kernel.weights)];
  if (fused[0] === 'BiasAdd') inputs.push(builder.constant(t.known(2)));
  const made = builder.op('Conv', inputs, {
    ...window.attributes,
    dilations: dilations.length ? dilations : [1, 1],
    group: kernel.groups,
  });
  const activation = fused.filter((name) => name !== 'BiasAdd');
  return builder.transpose(
    activation.reduce<Value>((x, name) => activate(t, x, name), made),
    TO_NHWC,
  );
}

function activate(t: Translation, x: Value, name: string): Value {
  const { builder } = t;
  if (name === 'Relu') return builder.op('Relu', [x]);
  if (name === 'Relu6') return builder.op('Clip', [x, builder.float(0), builder.float(6)]);
  if (name === 'LeakyRelu') {
    return builder.op('LeakyRelu', [x], {
      alpha: { float: t.node.attributes.float('leakyrelu_alpha', 0.2) },
    });
  }
  throw unsupported(t.node, `the fused operation ${name} is not known`);
}

function maxPool(t: Translation): Value {
  const isLowest = (value: number): boolean => value <= -3e38;
  const window = slidingWindow(t, t.node.attributes.ints('ksize').slice(1, 3), isLowest);
  return t.builder.transpose(t.builder.op('MaxPool', [window.input], window.attributes), TO_NHWC);
}

/** Kernel, strides and padding; a Pad before an unpadded window becomes the window's own padding. */
function slidingWindow(t: Translation, kernelShape: readonly number[], neutral: (value: number) => boolean) {
  const { builder, node } = t;
  const input = builder.transpose(inputOf(t, 0), TO_NCHW);
  const common = { kernel_shape: kernelShape, strides: node.attributes.ints('strides').slice(1, 3) };
  const padding = node.attributes.text('padding');
  if (padding === 'SAME') return { input, attributes: { ...common, auto_pad: 'SAME_UPPER' } };
  if (padding !== 'VALID') throw unsupported(node, `padding ${padding} is not known`);
  const absorbed = paddingBefore(builder, input, neutral);
  return {
    input: absorbed?.input ?? input,
    attributes: { ...common, pads: absorbed?.pads ?? [0, 0, 0, 0] },
  };
}

function paddingBefore(builder: GraphBuilder, value: Value, neutral: (value: number) => boolean) {
  const made = builder.producerOf(value);
  if (made?.op !== 'Pad') return undefined;
  const [input, padsValue, fill] = made.inputs as [Value, Value, Value];
  const pads = builder.constantOf(padsValue)?.data;
  const filler = builder.constantOf(fill)?.data[0];
  if (!pads || filler === undefined || !neutral(filler)) return undefined;
  if (pads[0] || pads[1] || pads[4] || pads[5]) return undefined;
  return { input, pads: [pads[2], pads[3], pads[6], pads[7]] as number[] };
}

const isZero = (value: number): boolean => value === 0;

function pad(t: Translation): Value {
  const pairs = t.known(1).data;
  const axes = pairs.length / 2;
  const begins = Array.from({ length: axes }, (_, axis) => pairs[axis * 2] as number);
  const ends = Array.from({ length: axes }, (_, axis) => pairs[axis * 2 + 1] as number);
  const fill = t.node.op === 'PadV2' ? (t.known(2).data[0] as number) : 0;
  const inputs = [inputOf(t, 0), t.builder.ints([...begins, ...ends]), t.builder.float(fill)];
  return t.builder.op('Pad', inputs, { mode: 'constant' });
}

function resizeBilinear(t: Translation): Value {
  const { builder, node } = t;
  const input = builder.transpose(inputOf(t, 0), TO_NCHW);
  const size = builder.constantOf(inputOf(t, 1));
  const height_width = size ? t.rescale(Array.from(size.data)) : builder.cast(inputOf(t, 1), 'int64');
  const batch_channels = builder.narrow(builder.op('Shape', [input]), 0, 0, 2);
  const sizes = builder.concat([batch_channels, height_width], 0);
  const mode = node.attributes.bool('align_corners')
    ? 'align_corners'
    : node.attributes.bool('half_pixel_centers')
      ? 'half_pixel'
      : 'asymmetric';
  return builder.transpose(builder.resize(input, sizes, mode), TO_NHWC);
}
