import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Detection, iou } from '../../../core/index.ts';
import { createDetector } from '../../../inference/index.ts';
import {
  assembleNetwork,
  buildModels,
  loadManifest,
  type ParsedManifest,
  readNetwork,
  referenceInput,
  referenceNanodet,
  verifiedSource,
} from '../../../models/index.ts';
import { floats, runOnnx } from '../../fixtures/run-onnx.ts';
import { seededPicture } from '../../fixtures/seeded-picture.ts';

// Builds networks, which a machine busy with other tests can make wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nanodet-'));
  await buildModels({ outDir: folder, only: ['nanodet-g'] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The same network, with everything around it written plainly in TypeScript. */
async function plainly(manifest: ParsedManifest, file: string, threshold: number): Promise<Detection[]> {
  const frame = seededPicture(640, 416, 9);
  const [width, height] = [416, 288]; // 416×270, padded to the stride
  const { tensor, boxed } = referenceInput(manifest, frame, width, height);
  const source = await verifiedSource({ manifest, file });
  const network = assembleNetwork(manifest, await readNetwork(manifest, source));
  const raw = await runOnnx(network, { input: floats(tensor.data, tensor.dims) });
  const levels = [8, 16, 32].map((stride, i) => ({
    stride,
    scores: raw[i === 0 ? 'Identity' : `Identity_${i}`]?.data ?? [],
    distances: raw[`Identity_${i + 3}`]?.data ?? [],
  }));
  const found = referenceNanodet(levels, {
    labels: manifest.classNames,
    bins: 11,
    width,
    scoreThreshold: threshold,
    iou: manifest.thresholds.iou,
  });
  return found.map(({ label, score, box }) => ({ label, score, box: inPicture(box) }));

  function inPicture(box: Detection['box']): Detection['box'] {
    const x = (v: number): number => ((v - boxed.offset.x) * boxed.perPixel.x) / frame.width;
    const y = (v: number): number => ((v - boxed.offset.y) * boxed.perPixel.y) / frame.height;
    const within = (v: number): number => Math.min(1, Math.max(0, v));
    return { x1: within(x(box.x1)), y1: within(y(box.y1)), x2: within(x(box.x2)), y2: within(y(box.y2)) };
  }
}

test('what the graph does around the network is what plain code does', async () => {
  const threshold = 0.05;
  const { manifest, file } = await loadManifest('nanodet-g');
  const expected = await plainly(manifest, file, threshold);
  const detector = await createDetector({
    model: 'nanodet-g',
    modelsDir: folder,
    scoreThreshold: threshold,
    workers: 0,
  });
  const found = await detector.detect(seededPicture(640, 416, 9));
  await detector.close();
  expect(expected.length).toBeGreaterThan(2);
  // The two resize with a rounding of one grey level; whatever is that close to the threshold may differ.
  for (const one of expected.filter(({ score }) => score > threshold + 0.02)) {
    const same = found.find(({ label, box }) => label === one.label && iou(box, one.box) > 0.9);
    expect(same?.score, `${one.label} ${one.score}`).toBeCloseTo(one.score, 1);
  }
  expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
});
