import { describe, expect, test } from 'vitest';
import { floats, runOnnx } from '../../tests/fixtures/run-onnx.ts';
import { GraphBuilder } from './graph-builder.ts';
import { onnx } from './proto.ts';
import { tensor, transposeTensor } from './tensor.ts';

describe('GraphBuilder', () => {
  const small = (): GraphBuilder => {
    const b = new GraphBuilder({ name: 'small' });
    const x = b.input('x', 'float32', ['n']);
    b.op('Exp', [x]); // leads nowhere
    b.output('y', b.op('Add', [x, b.float(1)]), 'float32', ['n']);
    return b;
  };

  test('gives the same bytes for the same calls, without what leads nowhere', () => {
    expect(small().build()).toEqual(small().build());
    const { graph } = onnx.ModelProto.decode(small().build());
    expect(graph?.node?.map((node) => node.opType)).toEqual(['Add', 'Identity']);
    expect(graph?.initializer).toHaveLength(1);
  });

  test('cancels a transpose against the one before it, and only where they undo each other', () => {
    const b = new GraphBuilder({ name: 'transposes' });
    const x = b.input('x', 'float32', [1, 2, 3, 4]);
    const there = b.transpose(x, [0, 2, 3, 1]);
    expect(b.transpose(there, [0, 3, 1, 2])).toBe(x);
    expect(b.transpose(there, [0, 2, 3, 1])).not.toBe(x);
  });

  test.each([11, 12, 13, 17, 18, 20])(
    'speaks opset %i where operators differ between them',
    async (opset) => {
      const b = new GraphBuilder({ name: 'versions', opset, irVersion: 9 });
      const x = b.input('x', 'float32', [2, 3]);
      const largest = b.reduce('Max', x, [1], true);
      const total = b.reduce('Sum', b.unsqueeze(b.squeeze(largest, [1]), [0]), [1], false);
      const resized = b.resize(b.reshape(x, [1, 1, 2, 3]), b.ints([1, 1, 4, 6]), 'half_pixel');
      b.output('largest', largest, 'float32');
      b.output('total', total, 'float32');
      b.output('resized', resized, 'float32');
      const ran = await runOnnx(b.build(), { x: floats([1, 5, 2, 7, 3, 4], [2, 3]) });
      expect(ran.largest).toEqual({ dims: [2, 1], data: [5, 7] });
      expect(ran.total?.data).toEqual([12]);
      expect(ran.resized?.dims).toEqual([1, 1, 4, 6]);
    },
  );
});

test('tensors are checked and transposed', () => {
  expect(() => tensor('float32', [2, 2], [1, 2, 3])).toThrow(/\[2,2\] tensor has 4 elements, got 3/);
  const t = tensor('int32', [2, 3], [1, 2, 3, 4, 5, 6]);
  expect(transposeTensor(t, [1, 0])).toEqual({ type: 'int32', dims: [3, 2], data: [1, 4, 2, 5, 3, 6] });
});
