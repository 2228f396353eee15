import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Box, boxArea, iou } from '../../core/index.ts';
import { buildModels, modelFiles } from '../../models/index.ts';
import { detectorContract, poseContract } from '../../tests/contract/vision-contract.ts';
import { paintFigure } from '../../tests/fixtures/painted-figure.ts';
import { seededPicture } from '../../tests/fixtures/seeded-picture.ts';
import { checkModel } from './check-model.ts';
import { createDetector } from './detector.ts';
import { createInferenceEngine, type InferenceEngine } from './engine.ts';
import { createPoseEstimator } from './pose-estimator.ts';

// Builds networks, which a machine busy with other tests can make wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let modelsDir: string;
let threads: InferenceEngine;
beforeAll(async () => {
  modelsDir = await mkdtemp(path.join(tmpdir(), 'models-'));
  await buildModels({ outDir: modelsDir });
  threads = createInferenceEngine({ workers: 2 });
});
afterAll(async () => {
  await threads.close();
  await rm(modelsDir, { recursive: true, force: true });
});

// Drawn blocks are no people; with the threshold down here there is something to speak of.
const faint = { scoreThreshold: 0.03 };

detectorContract('NanoDet-g in the calling thread', () =>
  createDetector({ model: 'nanodet-g', modelsDir, workers: 0, ...faint }),
);
detectorContract('NanoDet-g on threads', () =>
  createDetector({ model: 'nanodet-g', modelsDir, ...faint }, { engine: threads }),
);
for (const model of ['movenet-multipose', 'movenet-lightning', 'movenet-thunder']) {
  poseContract(`${model} on threads`, () => createPoseEstimator({ model, modelsDir }, { engine: threads }));
}

describe('createPoseEstimator', () => {
  const frame = paintFigure(seededPicture(320, 240), { centreX: 230, top: 15, height: 215 });
  const nose = { x: 230 / 320, y: (15 + 0.09 * 215) / 240 };

  test.each([
    ['movenet-multipose', undefined],
    ['movenet-lightning', { x1: 0.5, y1: 0, x2: 0.95, y2: 1 }],
    ['movenet-thunder', { x1: 0.5, y1: 0, x2: 0.95, y2: 1 }],
  ])('%s finds the drawn person, and the nose in its face', async (model, region) => {
    const estimator = await createPoseEstimator({ model, modelsDir }, { engine: threads });
    const [person, ...others] = await estimator.estimate(frame, region);
    expect(others).toEqual([]);
    expect(person?.score).toBeGreaterThan(0.3);
    const drawn = { x1: 190 / 320, y1: 15 / 240, x2: 270 / 320, y2: 225 / 240 };
    expect(iou(person?.box as Box, drawn)).toBeGreaterThan(0.6);
    expect(person?.keypoints[0]?.x).toBeCloseTo(nose.x, 1);
    expect(person?.keypoints[0]?.y).toBeCloseTo(nose.y, 1);
  });
});

describe('createDetector', () => {
  test('finds the drawn person where it was drawn', async () => {
    const detector = await open({});
    const frame = paintFigure(seededPicture(320, 240), { centreX: 230, top: 15, height: 215 });
    const drawn = { x1: 190 / 320, y1: 15 / 240, x2: 270 / 320, y2: 225 / 240 };
    const people = (await detector.detect(frame)).filter(({ label }) => label === 'person');
    expect(iou(people[0]?.box as Box, drawn)).toBeGreaterThan(0.6);
  });

  const open = (options: Partial<Parameters<typeof createDetector>[0]>) =>
    createDetector({ model: 'nanodet-g', modelsDir, ...options }, { engine: threads });

  test('finds the same in 8 bits, but for rounding', async () => {
    const frame = paintFigure(seededPicture(320, 240), { centreX: 230, top: 15, height: 215 });
    const answers = await Promise.all(
      ['nanodet-g', 'nanodet-g-int8'].map(async (model) => (await open({ model })).detect(frame)),
    );
    const [exact, rounded] = answers.map((found) => found.find(({ label }) => label === 'person'));
    expect(iou(exact?.box as Box, rounded?.box as Box)).toBeGreaterThan(0.85);
    expect(rounded?.score).toBeCloseTo(exact?.score as number, 1);
  });

  test('gives out nothing below the threshold', async () => {
    const [low, high] = [await open({ scoreThreshold: 0.03 }), await open({ scoreThreshold: 0.06 })];
    const frame = seededPicture(320, 240);
    const all = await low.detect(frame);
    const sure = await high.detect(frame);
    expect(sure.length).toBeLessThan(all.length);
    expect(sure.every(({ score }) => score > 0.06)).toBe(true);
    expect(all.filter(({ score }) => score > 0.06).length).toBeGreaterThanOrEqual(sure.length);
  });

  test('looks at the region only', async () => {
    const detector = await open(faint);
    const frame = seededPicture(320, 240);
    const region = { x1: 0.25, y1: 0.25, x2: 0.5, y2: 0.5 };
    const found = await detector.detect(frame, region);
    expect(found.length).toBeGreaterThan(0);
    for (const { box } of found) expect(boxArea(box)).toBeLessThan(0.25);
  });

  test('takes another input size where the network allows it', async () => {
    const detector = await open({ inputSize: { width: 192, height: 192 }, ...faint });
    expect(await detector.detect(seededPicture(320, 240))).toEqual(expect.any(Array));
  });

  test.each([
    [
      'a size off the stride',
      { inputSize: { width: 400, height: 400 } },
      'CONFIG_INVALID',
      /multiples of 32/,
    ],
    ['a model that is not built', { model: 'yolo-nobody' }, 'MODEL_NOT_BUILT', /yolo-nobody.*models build/],
    ['a model for another task', { model: 'movenet-thunder' }, 'MODEL_INVALID', /for "pose"/],
  ])('refuses %s', async (_, options, code, message) => {
    await expect(open(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('refuses a fixed network another size', async () => {
    const asked = createPoseEstimator(
      { model: 'movenet-thunder', modelsDir, inputSize: { width: 192, height: 192 } },
      { engine: threads },
    );
    await expect(asked).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: /fixed at 256x256/ });
  });

  test('says so when asked after it was closed, and leaves a shared engine running', async () => {
    const [one, other] = [await open(faint), await open(faint)];
    await one.close();
    await expect(one.detect(seededPicture(64, 48))).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await other.detect(seededPicture(64, 48))).toEqual(expect.any(Array));
  });
});

describe('checkModel', () => {
  test('finds a built model sound and says how long it takes', async () => {
    const check = await checkModel({ model: 'movenet-lightning', modelsDir });
    expect(check).toMatchObject({ id: 'movenet-lightning', task: 'pose', provider: 'cpu' });
    expect(check.milliseconds).toBeGreaterThan(0);
  });

  test('finds a damaged file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'damaged-'));
    await buildModels({ outDir: folder, only: ['movenet-lightning'] });
    await writeFile(modelFiles(folder, 'movenet-lightning').model, 'not a network');
    await expect(checkModel({ model: 'movenet-lightning', modelsDir: folder })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: /damaged/,
    });
    await rm(folder, { recursive: true, force: true });
  });
});
