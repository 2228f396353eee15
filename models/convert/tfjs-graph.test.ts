import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runOnnx } from '../../tests/fixtures/run-onnx.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { convertTfjsGraph } from './convert-tfjs-graph.ts';
import { readTfjsGraph } from './tfjs-graph.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tfjs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** x · [1, 2] + 0.5, out of order, with one float16 weight and one of float32 that begins at an odd byte pair. */
function smallModel() {
  return {
    modelTopology: {
      node: [
        { name: 'out', op: 'AddV2', input: ['product', 'half'] },
        { name: 'product', op: 'Mul', input: ['x', 'factors', '^half'] },
        { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' } } },
        { name: 'factors', op: 'Const' },
        { name: 'half', op: 'Const' },
      ] as { name: string; op: string; input?: string[]; attr?: object }[],
    },
    weightsManifest: [
      {
        paths: ['a.bin', 'b.bin'],
        weights: [
          { name: 'half', shape: [], dtype: 'float32', quantization: { dtype: 'float16' } },
          { name: 'factors', shape: [2], dtype: 'float32' },
        ] as { name: string; shape: number[]; dtype: string; quantization?: { dtype: string } }[],
      },
    ],
    signature: { outputs: { y: { name: 'out:0' } } },
  };
}

const HALF = Buffer.from([0x00, 0x38]);
const FACTORS = Buffer.from(Float32Array.of(1, 2).buffer);

async function write(model: object, ...shards: Buffer[]): Promise<string> {
  await writeFile(path.join(folder, 'a.bin'), shards[0] ?? HALF);
  await writeFile(path.join(folder, 'b.bin'), shards[1] ?? FACTORS);
  const file = path.join(folder, 'model.json');
  await writeFile(file, JSON.stringify(model));
  return file;
}

async function convert(file: string): Promise<Uint8Array> {
  const b = new GraphBuilder({ name: 'small' });
  const value = b.input('x', 'float32', [2]);
  const outputs = convertTfjsGraph(await readTfjsGraph(file), b, { value, spatialAxes: [0, 0] });
  for (const [name, output] of outputs) b.output(`${name}!`, output, 'float32');
  return b.build();
}

test('a graph in any order, over two shards, with half-precision weights, computes what it says', async () => {
  const model = await convert(await write(smallModel()));
  const { 'out!': out } = await runOnnx(model, {
    x: { type: 'float32', dims: [2], data: Float32Array.of(10, 20) },
  });
  expect(out?.data).toEqual([10.5, 40.5]);
});

describe('is refused, with what is wrong:', () => {
  test('a file that is no graph model', async () => {
    const file = await write({ format: 'layers-model' });
    await expect(readTfjsGraph(file)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: /not a TFJS graph model/,
    });
  });

  test('weights of another model', async () => {
    const file = await write(smallModel(), HALF, Buffer.concat([FACTORS, FACTORS]));
    await expect(readTfjsGraph(file)).rejects.toMatchObject({
      message: /hold 18 bytes where .* describes 10/,
    });
  });

  test('weights quantised to bytes', async () => {
    const model = smallModel();
    (model.weightsManifest[0] as { weights: { quantization?: { dtype: string } }[] }).weights[1] = {
      name: 'factors',
      shape: [2],
      dtype: 'float32',
      quantization: { dtype: 'uint8' },
    } as never;
    await expect(readTfjsGraph(await write(model))).rejects.toMatchObject({
      message: /factors is stored as uint8/,
    });
  });

  test('an operation without translator', async () => {
    const model = smallModel();
    (model.modelTopology.node[0] as { op: string }).op = 'FFT2D';
    await expect(convert(await write(model))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: /FFT2D \(out\) cannot be converted/,
    });
  });

  test('a convolution with an unknown activation', async () => {
    const model = smallModel();
    const node = model.modelTopology.node;
    node[0] = {
      name: 'out',
      op: '_FusedConv2D',
      input: ['x', 'factors'],
      attr: {
        padding: { s: base64('SAME') },
        strides: { list: { i: ['1', '1', '1', '1'] } },
        fused_ops: { list: { s: [base64('Mish')] } },
      },
    };
    model.weightsManifest[0] = {
      paths: ['a.bin', 'b.bin'],
      weights: [
        { name: 'half', shape: [], dtype: 'float32', quantization: { dtype: 'float16' } },
        { name: 'factors', shape: [1, 1, 2, 1], dtype: 'float32' },
      ],
    };
    await expect(convert(await write(model))).rejects.toMatchObject({ message: /Mish/ });
  });
});
