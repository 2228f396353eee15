import { expect, test } from 'vitest';
import { tensor } from '../onnx/tensor.ts';
import { foldConstant } from './constant-folding.ts';
import { TfAttributes, type TfNode } from './tfjs-graph.ts';

const node = (op: string): TfNode => ({ name: op, op, inputs: [], attributes: new TfAttributes({}) });
const ints = (dims: number[], data: number[]) => tensor('int32', dims, data);

test('adds element by element, and one number to all', () => {
  const sum = foldConstant(node('AddV2'), [ints([3], [1, 80, -1]), ints([3], [0, 0, 5])]);
  expect(sum).toMatchObject({ dims: [3], data: [1, 80, 4] });
  expect(foldConstant(node('Sub'), [ints([], [10]), ints([2], [1, 2])])?.data).toEqual([9, 8]);
});

test('makes a sparse tensor dense', () => {
  const inputs = [ints([2, 2], [0, 1, 1, 0]), ints([2], [2, 3]), ints([2], [7, 8]), ints([], [-1])];
  expect(foldConstant(node('SparseToDense'), inputs)).toMatchObject({
    dims: [2, 3],
    data: [-1, 7, -1, 8, -1, -1],
  });
  const empty = [ints([0, 1], []), ints([1], [3]), ints([0], []), ints([], [0])];
  expect(foldConstant(node('SparseToDense'), empty)?.data).toEqual([0, 0, 0]);
});

test('leaves alone what is only known at run time, and what it does not know', () => {
  expect(foldConstant(node('AddV2'), [ints([1], [1]), undefined])).toBeUndefined();
  expect(foldConstant(node('Conv2D'), [ints([1], [1])])).toBeUndefined();
  expect(foldConstant(node('Add'), [ints([2, 1], [1, 2]), ints([3], [1, 2, 3])])).toBeUndefined();
});
