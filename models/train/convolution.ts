import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow.ts';

type GradSaver = (tensors: Tensor[]) => void;

/**
 * A convolution that keeps its input's size and whose weights can be learnt on the wasm backend, which has no gradient
 * of convolutions, and a fast matrix product only where neither side is transposed: shifted copies, one product, and
 * a gradient of the same two steps.
 * @param x [B, h, w, in]
 * @param weight [kernel · kernel · in, out], row by row of the kernel
 * @returns [B, h, w, out]
 */
export function learnableConvolution(
  tf: TensorFlow,
  x: Tensor4D,
  weight: Tensor2D,
  { kernel, dilation }: { readonly kernel: number; readonly dilation: number },
): Tensor4D {
  const [batch, rows, columns, inputs] = x.shape;
  const outputs = weight.shape[1];
  const around = (t: Tensor4D): Tensor2D => {
    const seen = kernel === 1 ? t : neighbourhood(tf, t, dilation);
    return seen.reshape([batch * rows * columns, -1]);
  };
  const convolved = tf.customGrad((...args: (Tensor | GradSaver)[]) => {
    const [given, by, save] = args as [Tensor4D, Tensor2D, GradSaver];
    const value = tf.matMul(around(given), by).reshape([batch, rows, columns, outputs]);
    save([given, by]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [input, matrix] = saved as [Tensor4D, Tensor2D];
      const back = tf.matMul(around(dy as Tensor4D), turned(tf, matrix, kernel * kernel));
      const flat = dy.reshape([-1, outputs]) as Tensor2D;
      return [
        back.reshape([batch, rows, columns, inputs]),
        tf.matMul(tf.transpose(around(input)) as Tensor2D, flat),
      ];
    };
    return { value, gradFunc };
  });
  return convolved(x, weight) as Tensor4D;
}

/** The weights that carry a gradient back: the kernel upside down, inputs and outputs exchanged. */
function turned(tf: TensorFlow, matrix: Tensor2D, places: number): Tensor2D {
  const outputs = matrix.shape[1];
  const split = matrix.reshape([places, -1, outputs]);
  return tf.transpose(tf.reverse(split, 0), [0, 2, 1]).reshape([places * outputs, -1]) as Tensor2D;
}

/** [B, h, w, C] → [B, h, w, 9C]: each cell with its eight neighbours `dilation` cells away, row by row. */
function neighbourhood(tf: TensorFlow, x: Tensor4D, dilation: number): Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  const margin: [number, number] = [dilation, dilation];
  const padded = tf.pad4d(x, [[0, 0], margin, margin, [0, 0]]);
  const parts: Tensor4D[] = [];
  for (let dy = 0; dy < 3; dy++) {
    for (let dx = 0; dx < 3; dx++) {
      const start: [number, number, number, number] = [0, dy * dilation, dx * dilation, 0];
      parts.push(tf.slice4d(padded, start, [batch, rows, columns, channels]));
    }
  }
  return tf.concat4d(parts, 3);
}

/** x [N, in] · weight [in, out], where x itself is not learnt. */
export function learnableProduct(tf: TensorFlow, x: Tensor2D, weight: Tensor2D): Tensor2D {
  const product = tf.customGrad((...args: (Tensor | GradSaver)[]) => {
    const [by, save] = args as [Tensor2D, GradSaver];
    save([x]);
    const gradFunc = (dy: Tensor, [input]: Tensor[]): Tensor[] => [
      tf.matMul(tf.transpose(input as Tensor2D), dy as Tensor2D),
    ];
    return { value: tf.matMul(x, by), gradFunc };
  });
  return product(weight) as Tensor2D;
}
