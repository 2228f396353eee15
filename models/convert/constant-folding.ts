import { type ConstantTensor, elementCount, tensor } from '../onnx/tensor.ts';
import type { TfNode } from './tfjs-graph.ts';

type Fold = (inputs: readonly ConstantTensor[], node: TfNode) => ConstantTensor | undefined;

/**
 * TensorFlow computes shapes with tensor operations of its own; ONNX wants many of them as plain numbers. These are
 * the operations that exporters put between such constants.
 */
const FOLDS: Readonly<Record<string, Fold>> = Object.freeze({
  Add: pairwise((a, b) => a + b),
  AddV2: pairwise((a, b) => a + b),
  Sub: pairwise((a, b) => a - b),
  Mul: pairwise((a, b) => a * b),
  Identity: ([a]) => a,
  SparseToDense: sparseToDense,
});

/** @returns the node's value where all that it reads is known, else undefined */
export function foldConstant(
  node: TfNode,
  inputs: readonly (ConstantTensor | undefined)[],
): ConstantTensor | undefined {
  const fold = FOLDS[node.op];
  if (!fold || inputs.length === 0 || inputs.some((input) => input === undefined)) return undefined;
  return fold(inputs as readonly ConstantTensor[], node);
}

function pairwise(compute: (a: number, b: number) => number): Fold {
  return ([a, b]) => {
    if (!a || !b) return undefined;
    const big = a.data.length >= b.data.length ? a : b;
    const other = big === a ? b : a;
    if (other.data.length !== 1 && other.dims.join() !== big.dims.join()) return undefined;
    const at = (t: ConstantTensor, i: number): number => t.data[t.data.length === 1 ? 0 : i] as number;
    return tensor(
      big.type,
      big.dims,
      Array.from({ length: big.data.length }, (_, i) => compute(at(a, i), at(b, i))),
    );
  };
}

function sparseToDense(inputs: readonly ConstantTensor[]): ConstantTensor | undefined {
  const [indices, shape, values, fallback] = inputs;
  if (!indices || !shape || !values || !fallback) return undefined;
  const dims = Array.from(shape.data);
  const data = new Array<number>(elementCount(dims)).fill(fallback.data[0] as number);
  const count = indices.data.length / Math.max(1, dims.length);
  for (let i = 0; i < count; i++) {
    const flat = dims.reduce(
      (at, dim, axis) => at * dim + (indices.data[i * dims.length + axis] as number),
      0,
    );
    data[flat] = values.data[values.data.length === 1 ? 0 : i] as number;
  }
  return tensor(values.type, dims, data);
}
