import { describe, expect, test } from 'vitest';
import { floats, longs, runOnnx } from '../../tests/fixtures/run-onnx.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { decodeHead, encodeHead, type HeadWeights } from './head-weights.ts';
import { joinCandidates } from './join-candidates.ts';
import { readSafetensors } from './safetensors.ts';
import { writeFeatures } from './write-features.ts';

const conv = (dims: readonly [number, number, number, number], value: number) => ({
  dims,
  weight: new Float32Array(dims[0] * dims[1] * dims[2] * dims[3]).fill(value),
  bias: new Float32Array(dims[0]).fill(value),
});
const HEAD: HeadWeights = {
  layers: [
    conv([2, 3, 1, 1], 0.1),
    conv([2, 2, 3, 3], 0.2),
    conv([2, 2, 3, 3], 0.3),
    conv([5, 2, 1, 1], 0.4),
  ],
  metadata: { label: 'ebike' },
};

describe('the weights’ file', () => {
  test('gives back what was written, and the same bytes for the same weights', () => {
    expect(decodeHead(encodeHead(HEAD), 'x')).toEqual(HEAD);
    expect(encodeHead(decodeHead(encodeHead(HEAD), 'x'))).toEqual(encodeHead(HEAD));
  });

  test('is named where it is damaged, or a layer does not fit', () => {
    const bytes = encodeHead(HEAD);
    expect(() => readSafetensors(bytes.slice(0, -8), 'x.safetensors')).toThrow(
      /x\.safetensors is not a safetensors/,
    );
    expect(() => readSafetensors(new TextEncoder().encode('version https://'), 'x')).toThrow(
      /is not a safetensors/,
    );
    const layers = [...HEAD.layers.slice(0, 2), conv([2, 4, 3, 3], 1), ...HEAD.layers.slice(3)];
    expect(() => decodeHead(encodeHead({ ...HEAD, layers }), 'x')).toThrow(/the layer far/);
  });
});

test('feature maps of three strides are laid on each other', async () => {
  const b = new GraphBuilder({ name: 'features' });
  const map = (name: string, size: number) => {
    const value = b.input(name, 'float32', [1, 1, size, size]);
    return [name, { value, dims: undefined }] as const;
  };
  const maps = new Map([map('fine', 4), map('middle', 2), map('coarse', 1)]);
  b.output('features', writeFeatures(b, maps, ['fine', 'middle', 'coarse']), 'float32');
  const { features } = await runOnnx(b.build(), {
    fine: floats([0, 4, 1, 1, 4, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], [1, 1, 4, 4]),
    middle: floats([5, 6, 7, 8], [1, 1, 2, 2]),
    coarse: floats([9], [1, 1, 1, 1]),
  });
  expect(features).toEqual({ dims: [1, 3, 2, 2], data: [2, 1, 2, 3, 5, 6, 7, 8, 9, 9, 9, 9] });
  expect(() => writeFeatures(b, maps, ['fine', 'middle', 'gone'])).toThrow(/feature map gone/);
});

test('joined candidates keep their own boxes and classes', async () => {
  const b = new GraphBuilder({ name: 'join' });
  const side = (scores: number[], dims: number[], boxes: number[]) => ({
    scores: b.floats(scores, dims),
    suppress: true,
    boxesOf: (rows: ReturnType<typeof b.floats>) =>
      b.op('Gather', [b.floats(boxes, [dims[0] as number, 4]), rows], { axis: 0 }),
  });
  const joined = joinCandidates(
    b,
    side([0.1, 0.2, 0.3, 0.4], [2, 2], [1, 1, 1, 1, 2, 2, 2, 2]),
    side([0.9], [1, 1], [3, 3, 3, 3]),
    { first: 2, second: 1 },
  );
  b.output('scores', joined.scores, 'float32');
  b.output('boxes', joined.boxesOf(b.input('rows', 'int64', ['n'])), 'float32');
  const { scores, boxes } = await runOnnx(b.build(), { rows: longs([2, 0, 1]) });
  expect(scores?.data.map((v) => Math.round(v * 10))).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 9]);
  expect(boxes?.data).toEqual([3, 3, 3, 3, 1, 1, 1, 1, 2, 2, 2, 2]);
});
