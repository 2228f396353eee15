import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { DISTANCE_REACH, DISTANCE_UNIT } from '../added-head/write-head.ts';
import type { TensorFlow } from '../tensorflow.ts';

export interface BatchTargets {
  /** [N]: 1, 0 or −1, as in `Targets`. */
  readonly cells: Tensor1D;
  /** [N, 4] */
  readonly distances: Tensor2D;
}

/** What saying "yes" on background costs against missing a thing: there are hundreds of times as many chances to. */
const BACKGROUND_WEIGHT = 0.5;
const TINY = 1e-6;

/**
 * Focal loss of the scores (Lin et al. 2017, γ = 2) and GIoU loss of the boxes (Rezatofighi et al. 2019), both a thing's
 * cell.
 * @param raw [N, 5], the head's raw answers
 */
export function headLoss(tf: TensorFlow, raw: Tensor2D, { cells, distances }: BatchTargets): Scalar {
  const own = tf.cast(tf.equal(cells, 1), 'float32');
  const other = tf.cast(tf.equal(cells, 0), 'float32');
  const count = tf.maximum(tf.sum(own), 1);
  const p = tf.sigmoid(tf.slice2d(raw, [0, 0], [-1, 1]).reshape([-1]));
  const no = tf.sub(1, p);
  const missed = tf.neg(tf.mul(tf.mul(tf.square(no), tf.log(tf.add(p, TINY))), own));
  const invented = tf.neg(tf.mul(tf.mul(tf.square(p), tf.log(tf.add(no, TINY))), other));
  const scores = tf.add(tf.sum(missed), tf.mul(tf.sum(invented), BACKGROUND_WEIGHT));
  const logits = tf.clipByValue(tf.slice2d(raw, [0, 1], [-1, 4]), -DISTANCE_REACH, DISTANCE_REACH);
  const boxes = tf.sum(tf.mul(giouLoss(tf, tf.mul(tf.exp(logits), DISTANCE_UNIT), distances), own));
  return tf.div(tf.add(scores, boxes), count) as Scalar;
}

/** 1 − GIoU of boxes given by their distances from one point, [N, 4] each. */
function giouLoss(tf: TensorFlow, a: Tensor, b: Tensor2D): Tensor1D {
  const sides = (t: Tensor): Tensor[] => [0, 1, 2, 3].map((i) => tf.slice(t, [0, i], [-1, 1]).reshape([-1]));
  const area = ([l, t, r, d]: Tensor[]): Tensor =>
    tf.mul(tf.add(l as Tensor, r as Tensor), tf.add(t as Tensor, d as Tensor));
  const common = area(sides(tf.minimum(a, b)));
  const union = tf.sub(tf.add(area(sides(a)), area(sides(b))), common);
  const hull = area(sides(tf.maximum(a, b)));
  const iou = tf.div(common, tf.add(union, TINY));
  const waste = tf.div(tf.sub(hull, union), tf.add(hull, TINY));
  return tf.add(tf.sub(1, iou), waste) as Tensor1D;
}
