import type { Tensor2D } from '@tensorflow/tfjs';
import { HEAD_LAYERS, HEAD_OUTPUTS, type HeadWeights, LEAK } from '../added-head/head-weights.ts';
import type { TensorFlow } from '../tensorflow.ts';
import { type HeadFigures, headFigures, type Judged } from './measure.ts';
import { foundIn } from './plain-head.ts';
import type { SampleSet } from './sample.ts';

/** The faintest finds that are judged. */
const LEAST = 0.02;

/** The finished head's raw answer [rows · columns, 5] on one picture's features, by TensorFlow.js's own convolutions. */
export async function answerOf(
  tf: TensorFlow,
  { layers }: HeadWeights,
  features: Float32Array,
  [rows, columns, channels]: readonly [number, number, number],
): Promise<Float32Array> {
  const answer = tf.tidy(() => {
    let x = tf.tensor4d(features, [1, rows, columns, channels]);
    for (const [i, { dilation }] of HEAD_LAYERS.entries()) {
      const layer = layers[i];
      if (!layer) throw new RangeError('The head lacks a layer.');
      const kernel = tf.transpose(tf.tensor4d(layer.weight, [...layer.dims]), [2, 3, 1, 0]);
      const y = tf.add(
        tf.conv2d(x, kernel as typeof x, 1, 'same', 'NHWC', dilation),
        tf.tensor1d(layer.bias),
      );
      x = (i < HEAD_LAYERS.length - 1 ? tf.leakyRelu(y, LEAK) : y) as typeof x;
    }
    return x.reshape([-1, HEAD_OUTPUTS]) as Tensor2D;
  });
  const data = (await answer.data()) as Float32Array;
  answer.dispose();
  return data;
}

/** What a head finds in pictures it has not learnt from. */
export async function judgeHead(tf: TensorFlow, weights: HeadWeights, set: SampleSet): Promise<HeadFigures> {
  const judged: Judged[] = [];
  for (let i = 0; i < set.count; i++) {
    const { features, ...truth } = await set.read(i);
    const raw = await answerOf(tf, weights, features, [set.grid.rows, set.grid.columns, set.channels]);
    judged.push({ found: foundIn(raw, set.grid, LEAST), truth });
  }
  return headFigures(judged);
}
