import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createFrame, type Detection } from '../../../core/index.ts';
import { createDetector } from '../../../inference/index.ts';
import { buildModels } from '../../../models/index.ts';
import { FAMILY_EXPORTS, type FamilyExport } from './family-exports.ts';
import type { PlantedBox, RawNetwork } from './raw-networks.ts';

// Builds networks, which a machine busy with other tests can make wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const LABELS = ['person', 'bicycle', 'motorcycle'];
const SIDE = 64;
const FRAME = createFrame(
  { liftId: 'lift-1', ts: 0, width: 256, height: 128 },
  new Uint8Array(256 * 128 * 3).fill(128),
);

const THINGS: readonly PlantedBox[] = [
  { classIndex: 0, score: 0.9, box: [6, 22, 25, 46] },
  { classIndex: 2, score: 0.8, box: [33, 20, 61, 41] },
  { classIndex: 1, score: 0.5, box: [30, 19, 60, 44] }, // overlaps the one before, but is of another class
];
/** Of the first one's class, overlapping it with IoU 0.85: to be suppressed. */
const DOUBLE: PlantedBox = { classIndex: 0, score: 0.6, box: [7, 23, 26, 46.5] };
const FAINT: PlantedBox = { classIndex: 1, score: 0.04, box: [40, 40, 50, 50] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'families-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function dropIn(family: FamilyExport, change: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = family.name.replaceAll(' ', '-');
  const net: RawNetwork = {
    opset: family.opset,
    irVersion: family.opset > 18 ? 9 : 8,
    width: SIDE,
    height: SIDE,
    classes: LABELS.length,
  };
  const planted = [...THINGS, FAINT, ...(family.suppresses ? [DOUBLE] : [])];
  await writeFile(path.join(folder, `${id}.raw.onnx`), family.write(net, planted));
  const manifest = {
    id,
    title: family.name,
    task: 'detect',
    source: { kind: 'onnx-file', file: `${id}.raw.onnx` },
    upstream: { project: 'a test', url: 'about:blank', licence: 'Apache-2.0' },
    input: { size: { width: SIDE, height: SIDE }, ...family.input },
    decode: family.decode,
    labels: LABELS,
    thresholds: { score: 0.3, low: 0.05, iou: 0.6 },
    ...change,
  };
  const file = path.join(folder, `${id}.manifest.json`);
  await writeFile(file, JSON.stringify(manifest));
  await buildModels({ outDir: folder, only: [file] });
  return id;
}

/** Where a network pixel lies in the 256×128 picture: scaled by 4 and padded, or stretched. */
function inPicture({ input }: FamilyExport, [x1, y1, x2, y2]: PlantedBox['box']) {
  const padding = input.align === 'top-left' ? 0 : 16;
  const y = (v: number): number => (input.fit === 'stretch' ? v / 64 : (v - padding) / 32);
  const within = (v: number): number => Math.min(1, Math.max(0, v));
  return { x1: x1 / 64, y1: within(y(y1)), x2: x2 / 64, y2: within(y(y2)) };
}

async function detect(
  model: string,
  region?: Parameters<Awaited<ReturnType<typeof createDetector>>['detect']>[1],
) {
  const detector = await createDetector({ model, modelsDir: folder, workers: 0 });
  try {
    return await detector.detect(FRAME, region);
  } finally {
    await detector.close();
  }
}

const labelled = (detections: readonly Detection[]): [string, number][] =>
  detections.map(({ label, score }) => [label, Math.round(score * 1000) / 1000]);

describe.each(FAMILY_EXPORTS.map((family) => [family.name, family] as const))('%s', (_, family) => {
  test('gives the planted things by falling score, each once, in picture coordinates', async () => {
    const found = await detect(await dropIn(family));
    expect(labelled(found)).toEqual([
      ['person', 0.9],
      ['motorcycle', 0.8],
      ['bicycle', 0.5],
    ]);
    for (const [i, thing] of THINGS.entries()) {
      const expected = inPicture(family, thing.box);
      for (const side of ['x1', 'y1', 'x2', 'y2'] as const) {
        expect(found[i]?.box[side], `${thing.classIndex} ${side}`).toBeCloseTo(expected[side], 4);
      }
    }
  });

  test('says what does not fit when the manifest names the wrong number of classes', async () => {
    if (family.decode.family === 'rtmdet' && !('outputs' in family.decode)) return; // class numbers carry no count
    await expect(dropIn(family, { labels: ['person'] })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/has shape \[.*\], where this family with 1 classes has \d+ on axis/),
    });
  });
});
