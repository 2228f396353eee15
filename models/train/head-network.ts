import type { Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs';
import {
  type ConvWeights,
  HEAD_LAYERS,
  HEAD_OUTPUTS,
  type HeadWeights,
  LEAK,
} from '../added-head/head-weights.ts';
import type { TensorFlow } from '../tensorflow.ts';
import { learnableConvolution, learnableProduct } from './convolution.ts';

/** Mean and spread of each feature channel, which the first layer takes in when the head is written out. */
export interface ChannelStatistics {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

export interface HeadNetwork {
  /** Weights and biases, layer by layer. */
  readonly variables: readonly Variable[];
  /** Features [B, h, w, C] → raw answers [B·h·w, 5]. */
  forward(features: Tensor4D): Tensor2D;
  weights(): Promise<HeadWeights>;
  dispose(): void;
}

export interface HeadShape {
  readonly channels: number;
  readonly hidden: number;
  readonly seed: number;
}

/** A score that starts here makes an untrained head say "no" nearly everywhere, as is right nearly everywhere. */
const FIRST_SCORE_LOGIT = -3;

/** The head in TensorFlow.js. */
export function createHeadNetwork(
  tf: TensorFlow,
  { channels, hidden, seed }: HeadShape,
  { mean, deviation }: ChannelStatistics,
): HeadNetwork {
  const layers = HEAD_LAYERS.map(({ kernel }, i) => {
    const inputs = (i === 0 ? channels : hidden) * kernel * kernel;
    const outputs = i === HEAD_LAYERS.length - 1 ? HEAD_OUTPUTS : hidden;
    const spread = Math.sqrt((i === HEAD_LAYERS.length - 1 ? 0.1 : 2) / inputs);
    const weight = tf.variable(
      tf.randomNormal([inputs, outputs], 0, spread, 'float32', seed + i) as Tensor2D,
    );
    const bias = tf.variable(tf.zeros([outputs]));
    return { weight, bias };
  });
  const last = layers.at(-1) as (typeof layers)[number];
  last.bias.assign(tf.tensor1d([FIRST_SCORE_LOGIT, 0, 0, 0, 0]));
  const means = tf.tensor2d(mean, [channels, 1]);
  const deviations = tf.tensor2d(deviation, [channels, 1]);

  /** The first layer takes the channels as they are: their mean and spread are in its weights. */
  function first(features: Tensor4D): Tensor4D {
    const [batch, rows, columns] = features.shape;
    const { weight, bias } = layers[0] as (typeof layers)[number];
    const scaled = tf.div(weight, deviations) as Tensor2D;
    const y = learnableProduct(tf, features.reshape([-1, channels]), scaled);
    const shifted = tf.sub(bias, tf.sum(tf.mul(scaled, means), 0));
    return tf.add(y, shifted).reshape([batch, rows, columns, hidden]);
  }

  function forward(features: Tensor4D): Tensor2D {
    let x = first(features);
    for (const [i, shape] of HEAD_LAYERS.entries()) {
      if (i === 0) continue;
      const { weight, bias } = layers[i] as (typeof layers)[number];
      const y = learnableConvolution(tf, tf.leakyRelu(x, LEAK), weight as unknown as Tensor2D, shape);
      x = tf.add(y, bias);
    }
    return x.reshape([-1, HEAD_OUTPUTS]);
  }

  async function weights(): Promise<HeadWeights> {
    const read = await Promise.all(
      layers.map(async ({ weight, bias }) => ({
        weight: (await weight.data()) as Float32Array,
        bias: (await bias.data()) as Float32Array,
      })),
    );
    const convolutions = read.map((layer, i) => toConvolution(layer, HEAD_LAYERS[i]?.kernel ?? 1));
    const [first, ...rest] = convolutions as [ConvWeights, ...ConvWeights[]];
    return { layers: [normalising(first, mean, deviation), ...rest], metadata: {} };
  }

  return {
    variables: layers.flatMap(({ weight, bias }) => [weight, bias]),
    forward,
    weights,
    dispose: () => tf.dispose([means, deviations, ...layers.flatMap(({ weight, bias }) => [weight, bias])]),
  };
}

/** A matrix [kernel · kernel · in, out] as a convolution's weights [out, in, kernel, kernel]. */
function toConvolution(
  { weight, bias }: { readonly weight: Float32Array; readonly bias: Float32Array },
  kernel: number,
): ConvWeights {
  const outputs = bias.length;
  const places = kernel * kernel;
  const inputs = weight.length / outputs / places;
  const turned = new Float32Array(weight.length);
  for (let place = 0; place < places; place++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        turned[(o * inputs + i) * places + place] = weight[(place * inputs + i) * outputs + o] as number;
      }
    }
  }
  return { dims: [outputs, inputs, kernel, kernel], weight: turned, bias: bias.slice() };
}

/** A 1×1 layer that takes (x − mean) / deviation, as one that takes x. */
function normalising(layer: ConvWeights, mean: Float32Array, deviation: Float32Array): ConvWeights {
  const [outputs, inputs] = layer.dims;
  const weight = layer.weight.map((w, i) => w / (deviation[i % inputs] as number));
  const bias = layer.bias.slice();
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      bias[o] = (bias[o] as number) - (weight[o * inputs + i] as number) * (mean[i] as number);
    }
  }
  return { ...layer, weight, bias };
}
