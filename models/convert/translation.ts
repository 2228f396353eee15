import { CabinwatchError } from '../../core/index.ts';
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';
import type { ConstantTensor } from '../onnx/tensor.ts';
import type { TfNode } from './tfjs-graph.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What a translator sees of the graph while it writes its node's ONNX counterpart. */
export interface Translation {
  readonly builder: GraphBuilder;
  readonly node: TfNode;
  readonly inputs: readonly Value[];
  /** How a size that the graph was frozen with grows or shrinks with the picture; see `convertTfjsGraph`. */
  rescale(size: readonly number[]): Value;
  /** Input `index` as a known tensor; an error where it is computed at run time. */
  known(index: number): ConstantTensor;
}

/** Writes one TensorFlow operation; several values where the operation has several outputs. */
export type Translator = (t: Translation) => Value | readonly Value[];

export const TO_NCHW: readonly number[] = Object.freeze([0, 3, 1, 2]);
export const TO_NHWC: readonly number[] = Object.freeze([0, 2, 3, 1]);

export function unsupported(node: TfNode, what: string): CabinwatchError {
  return new CabinwatchError(
    'MODEL_INVALID',
    `The TensorFlow operation ${node.op} (${node.name}) cannot be converted: ${what}.`,
  );
}

export function inputOf(t: Translation, index: number): Value {
  const value = t.inputs[index];
  if (value === undefined) throw unsupported(t.node, `input ${index} is missing`);
  return value;
}

/** Input `index` as int64, as ONNX wants shapes and indices. */
export function int64Input(t: Translation, index: number): Value {
  const value = inputOf(t, index);
  const constant = t.builder.constantOf(value);
  if (constant) return t.builder.ints(Array.from(constant.data), constant.dims);
  return t.builder.cast(value, 'int64');
}
