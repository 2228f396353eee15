import { describe, expect, test } from 'vitest';
import { floats, runOnnx } from '../../tests/fixtures/run-onnx.ts';
import { seededRandom } from '../../tests/fixtures/seeded-picture.ts';
import { GraphBuilder, type Value } from '../onnx/graph-builder.ts';
import { type ModelProto, onnx } from '../onnx/proto.ts';
import { tensor } from '../onnx/tensor.ts';
import { featureMaps } from './feature-maps.ts';
import { quantiseNetwork } from './quantise-network.ts';

const random = seededRandom(5);
const weights = (dims: number[]) =>
  tensor(
    'float32',
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => (random() - 0.5) * 0.6),
  );

/** input → conv → leaky → pool → conv → relu → concat with the pool → head → sigmoid */
function network(): { model: ModelProto; names: Record<string, Value> } {
  const b = new GraphBuilder({ name: 'small' });
  const input = b.input('input', 'float32', [1, 3, 8, 8]);
  const conv = (x: Value, outputs: number, inputs: number): Value =>
    b.op('Conv', [x, b.constant(weights([outputs, inputs, 3, 3])), b.constant(weights([outputs]))], {
      pads: [1, 1, 1, 1],
    });
  const first = conv(input, 4, 3);
  const leaky = b.op('LeakyRelu', [first], { alpha: { float: 0.1 } });
  const pool = b.op('MaxPool', [leaky], { kernel_shape: [2, 2], strides: [2, 2] });
  const second = conv(pool, 4, 4);
  const relu = b.op('Relu', [second]);
  const both = b.concat([pool, relu], 1);
  const head = conv(both, 2, 8);
  b.output('scores', b.op('Sigmoid', [head]), 'float32');
  const names = { input, first, leaky, pool, second, relu, both, head };
  return { model: onnx.ModelProto.decode(b.build()), names };
}

describe('featureMaps', () => {
  test('takes what lies between convolutions, and leaves the heads alone', () => {
    const { model, names } = network();
    const maps = featureMaps(model);
    const { input, first, leaky, pool, second, relu, both } = names;
    expect([...maps.tensors].sort()).toEqual([input, first, leaky, pool, relu, both].sort());
    expect([...maps.inner]).toEqual([second]);
    expect([...maps.sameScale]).toEqual([[pool, leaky]]);
    expect([...maps.nodes].filter(({ opType }) => opType === 'Conv')).toHaveLength(2);
  });
});

describe('quantiseNetwork', () => {
  const picture = floats(
    Array.from({ length: 192 }, () => random() * 2 - 1),
    [1, 3, 8, 8],
  );
  const wide = (names: Record<string, Value>): Record<string, [number, number]> =>
    Object.fromEntries(Object.values(names).map((name) => [name, [-3, 3]]));

  // Where the CPU has no VNNI instructions, sums of pairs of products with 8-bit weights saturate.
  test.each([
    [7, 0.03],
    [8, 0.05],
  ])('answers as before but for rounding, with weights of %i bits', async (weightBits, most) => {
    const { model, names } = network();
    const before = await runOnnx(onnx.ModelProto.encode(model).finish(), { input: picture });
    const quantised = quantiseNetwork(model, { ranges: wide(names), weightBits });
    const after = await runOnnx(onnx.ModelProto.encode(quantised).finish(), { input: picture });
    const apart = before.scores?.data.map((v, i) => Math.abs(v - (after.scores?.data[i] ?? 1))) ?? [];
    expect(Math.max(...apart)).toBeLessThan(most);
    expect(Math.max(...apart)).toBeGreaterThan(0);
  });

  test('keeps weights within the bits it was given, and leaves the given model as it is', () => {
    const { model, names } = network();
    const bytes = onnx.ModelProto.encode(model).finish();
    const quantised = quantiseNetwork(model, { ranges: wide(names), weightBits: 7 });
    expect(onnx.ModelProto.encode(model).finish()).toEqual(bytes);
    const integers = (quantised.graph?.initializer ?? []).filter(({ dataType }) => dataType === 3);
    expect(integers).toHaveLength(2);
    for (const { rawData } of integers) {
      const values = Array.from(new Int8Array(new Uint8Array(rawData as Uint8Array).buffer));
      expect(Math.max(...values.map(Math.abs))).toBe(63);
    }
  });

  test('says which tensor the calibration does not know', () => {
    const { model, names } = network();
    const { [names.leaky as string]: _, ...ranges } = wide(names);
    expect(() => quantiseNetwork(model, { ranges, weightBits: 7 })).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining('no range') }),
    );
  });
});
