export type TensorType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool';

/** A tensor known while a graph is built. Elements are plain numbers in row-major order; booleans are 0 and 1. */
export interface ConstantTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

export const elementCount = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

export function tensor(type: TensorType, dims: readonly number[], data: ArrayLike<number>): ConstantTensor {
  if (data.length !== elementCount(dims)) {
    throw new RangeError(
      `a [${dims.join(',')}] tensor has ${elementCount(dims)} elements, got ${data.length}`,
    );
  }
  return { type, dims, data };
}

/** The same elements with their axes reordered: `dims[i]` of the result is `dims[perm[i]]` of the input. */
export function transposeTensor(t: ConstantTensor, perm: readonly number[]): ConstantTensor {
  const dims = perm.map((axis) => t.dims[axis] as number);
  const strides = t.dims.map((_, axis) => elementCount(t.dims.slice(axis + 1)));
  const steps = perm.map((axis) => strides[axis] as number);
  const data = t.type === 'float32' ? new Float32Array(t.data.length) : new Array<number>(t.data.length);
  const index = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < t.data.length; to++) {
    data[to] = t.data[from] as number;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      from += steps[axis] as number;
      if ((index[axis] as number) < (dims[axis] as number)) break;
      from -= (steps[axis] as number) * (dims[axis] as number);
      index[axis] = 0;
    }
  }
  return { type: t.type, dims, data };
}

export function reshapeTensor(t: ConstantTensor, dims: readonly number[]): ConstantTensor {
  return tensor(t.type, dims, t.data);
}
