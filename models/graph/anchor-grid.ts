import type { GraphBuilder, Value } from '../onnx/graph-builder.ts';

export interface AnchorGrid {
  /** float32 [N, 2]: x,y of each cell in units of its stride (column, row), levels one after the other, row by row. */
  readonly cells: Value;
  /** float32 [N, 1]: the stride of each cell's level, pixels. */
  readonly strides: Value;
}

/**
 * The cells of a pyramid of feature maps over a network input of any size.
 * @param size float32 [2], width and height of the network input, pixels
 */
export function anchorGrid(b: GraphBuilder, size: Value, strides: readonly number[]): AnchorGrid {
  const cells: Value[] = [];
  const steps: Value[] = [];
  for (const stride of strides) {
    const extent = b.cast(b.op('Ceil', [b.op('Div', [size, b.float(stride)])]), 'int64');
    const count = b.op('ReduceProd', [extent], { keepdims: 1 });
    const columns = b.narrow(extent, 0, 0, 1);
    const index = b.op('Range', [b.int(0), b.squeeze(count, [0]), b.int(1)]);
    const row = b.op('Div', [index, columns]);
    const column = b.op('Sub', [index, b.op('Mul', [row, columns])]);
    const pair = b.concat([b.unsqueeze(column, [1]), b.unsqueeze(row, [1])], 1);
    cells.push(b.cast(pair, 'float32'));
    steps.push(b.op('Expand', [b.floats([stride], [1, 1]), b.concat([count, b.ints([1])], 0)]));
  }
  return { cells: b.concat(cells, 0), strides: b.concat(steps, 0) };
}
