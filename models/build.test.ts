import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildModels } from './build.ts';
import { modelFiles, verifyBuilt } from './built-model.ts';
import { listModels } from './list.ts';
import { GraphBuilder } from './onnx/graph-builder.ts';

// Builds networks, which a machine busy with other tests can make wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder: string;
let outDir: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'build-'));
  outDir = path.join(folder, 'built');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MODEL = 'movenet-lightning';
const only = [MODEL];

describe('models of the project', () => {
  test('are built to the pinned bytes, reported, and left alone the next time', async () => {
    const states: string[] = [];
    const onProgress = ({ id, state }: { id: string; state: string }) => void states.push(`${id} ${state}`);
    const [first] = await buildModels({ outDir, only, onProgress });
    expect(first).toMatchObject({ id: MODEL, state: 'built' });
    expect((await verifyBuilt(outDir, MODEL)).built?.sha256).toBe(first?.sha256);

    const [second] = await buildModels({ outDir, only, onProgress });
    expect(second).toMatchObject({ ...first, state: 'up-to-date' });
    expect(states).toEqual([`${MODEL} working`, `${MODEL} built`, `${MODEL} working`, `${MODEL} up-to-date`]);
  });

  test('are built again where the file is gone or damaged', async () => {
    const [first] = await buildModels({ outDir, only });
    const { model } = modelFiles(outDir, MODEL);
    await rm(model);
    expect((await buildModels({ outDir, only }))[0]?.state).toBe('built');
    await writeFile(model, 'damaged');
    expect((await buildModels({ outDir, only }))[0]).toEqual({ ...first, state: 'built' });
  });

  test('are listed with what is built', async () => {
    await buildModels({ outDir, only });
    const listed = await listModels(outDir);
    expect(listed.find(({ id }) => id === MODEL)).toMatchObject({
      task: 'pose',
      licence: 'Apache-2.0',
      inputSize: '192x192',
      builtBytes: (await stat(modelFiles(outDir, MODEL).model)).size,
    });
    expect(listed.find(({ id }) => id === 'nanodet-g')?.builtBytes).toBeUndefined();
  });
});

describe('a model of one’s own', () => {
  const manifest = {
    id: 'own',
    title: 'own',
    task: 'detect',
    source: { kind: 'onnx-file', file: 'own.raw.onnx' },
    upstream: { project: 'ours', url: 'about:blank', licence: 'Apache-2.0' },
    input: { size: { width: 64, height: 64 } },
    decode: { family: 'yolov8' },
    labels: ['person'],
    thresholds: { score: 0.4, low: 0.1, iou: 0.6 },
  };

  interface Raw {
    readonly opset?: number;
    readonly type?: 'float32' | 'uint8';
    readonly dims?: readonly (number | string)[];
    readonly second?: boolean;
    readonly weightsElsewhere?: boolean;
  }

  /** A network that turns a 64×64 picture into [1, 5, N], as a YOLOv8 of one class would. */
  function raw({
    opset = 17,
    type = 'float32',
    dims = [1, 3, 64, 64],
    second = false,
  }: Raw = {}): Uint8Array {
    const b = new GraphBuilder({ name: 'own', opset });
    const images = b.input('images', type, dims);
    const extra = second ? b.input('mask', 'float32', [1]) : b.float(0);
    const pixels = b.reshape(type === 'float32' ? images : b.cast(images, 'float32'), [1, -1]);
    const some = b.op('Add', [b.reshape(b.narrow(pixels, 1, 0, 50), [1, 5, 10]), extra]);
    b.output('output0', some, 'float32', [1, 5, 10]);
    return b.build();
  }

  async function build(change: Record<string, unknown> = {}, bytes: Uint8Array | undefined = raw()) {
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, 'own.json');
    await writeFile(file, JSON.stringify({ ...manifest, ...change }));
    if (bytes) await writeFile(path.join(folder, 'own.raw.onnx'), bytes);
    return buildModels({ outDir, only: [file] });
  }

  test('is built, and again when its manifest or network changes', async () => {
    expect((await build())[0]?.state).toBe('built');
    expect((await build())[0]?.state).toBe('up-to-date');
    expect((await build({ thresholds: { score: 0.5, low: 0.1, iou: 0.5 } }))[0]?.state).toBe('built');
    expect((await build({}, raw({ opset: 16 })))[0]?.state).toBe('built');
  });

  test('can be pinned, and is refused once it comes out otherwise', async () => {
    await build();
    const file = path.join(folder, 'own.json');
    const [pinned] = await buildModels({ outDir, only: [file], pin: true });
    expect(JSON.parse(await readFile(file, 'utf8')).built).toEqual({ sha256: pinned?.sha256 });
    const other = { built: { sha256: '0'.repeat(64) } };
    await expect(build(other)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/expects 0{64}.*--pin/),
    });
  });

  test.each<[string, Record<string, unknown>, Uint8Array | undefined, RegExp]>([
    [
      'that is missing',
      { source: { kind: 'onnx-file', file: 'gone.onnx' } },
      undefined,
      /gone\.onnx, which own is built from, cannot be read/,
    ],
    ['that is not ONNX', {}, new TextEncoder().encode('PK zip'), /own\.raw\.onnx is not an ONNX model/],
    ['that is older than opset 11', {}, raw({ opset: 10 }), /opset 10; export it again/],
    [
      'of another size',
      {},
      raw({ dims: [1, 3, 96, 64] }),
      /has shape \[1, 3, 96, 64\].*describes \[1, 3, 64, 64\]/,
    ],
    ['that takes bytes', {}, raw({ type: 'uint8' }), /images is not float32/],
    ['that wants more than a picture', {}, raw({ second: true }), /has the inputs images, mask/],
    [
      'without the named input',
      { input: { size: { width: 64, height: 64 }, name: 'x' } },
      undefined,
      /no input x; it has images/,
    ],
    [
      'without the named output',
      { decode: { family: 'yolov8', output: 'y' } },
      undefined,
      /no output y; it has output0/,
    ],
    [
      'of another family',
      { decode: { family: 'yolox' } },
      undefined,
      /output0 has shape \[1, 5, 10\].* 6 on axis -1/,
    ],
    [
      'with another hash',
      { source: { kind: 'onnx-file', file: 'own.raw.onnx', sha256: '0'.repeat(64) } },
      undefined,
      /sha256 is .*expected 0{64}/,
    ],
    [
      'of fixed size, padded to the stride',
      { input: { size: { width: 64, height: 64 }, padTo: 'stride' } },
      undefined,
      /fixed size.*padTo must be "size"/,
    ],
  ])('refuses a network %s', async (_, change, bytes, message) => {
    await expect(build(change, bytes ?? raw())).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message),
    });
  });

  test('names the npm package that is not installed, and the remedy', async () => {
    const source = {
      kind: 'tfjs-package',
      package: '@cabinwatch/no-such-weights',
      version: '1.2.3',
      file: 'model.json',
      sha256: {},
    };
    await expect(build({ source })).rejects.toMatchObject({
      code: 'DEPENDENCY_MISSING',
      message: expect.stringContaining('npm install --no-save @cabinwatch/no-such-weights@1.2.3'),
    });
  });
});
