import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createFrame, type Detection, type Detector, type Frame } from '../../../core/index.ts';
import { createDetector, createInferenceEngine } from '../../../inference/index.ts';
import { buildModels } from '../../../models/index.ts';

// Builds networks, which a machine busy with other tests can make wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CLIPS = path.join(import.meta.dirname, '../../../datasets/synthetic/clips');
const PAIRS = [
  ['nanodet-g', 'cabin-detector'],
  ['nanodet-g-int8', 'cabin-detector-int8'],
] as const;

const engine = createInferenceEngine({ workers: 0 });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cabin-detector-'));
  await buildModels({ outDir: folder, only: PAIRS.flat() });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const open = (model: string): Promise<Detector> =>
  createDetector({ model, modelsDir: folder, scoreThreshold: 0.1 }, { engine });

/** One picture of a clip. */
function still(clip: string, seconds: number): Frame {
  const from = ['-v', 'error', '-ss', String(seconds), '-i', path.join(CLIPS, clip, 'clip.mp4')];
  const to = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-vf', 'scale=640:360', '-'];
  const data = execFileSync('ffmpeg', [...from, ...to], { maxBuffer: 2 ** 24 });
  return createFrame({ liftId: clip, ts: 0, width: 640, height: 360 }, new Uint8Array(data));
}

const isEbike = ({ label }: Detection): boolean => label === 'ebike';

test.each(PAIRS)('all that %s finds, %s finds too, to the last bit', async (stock, trained) => {
  const [plain, withHead] = await Promise.all([open(stock), open(trained)]);
  expect(withHead.labels).toEqual([...plain.labels, 'ebike']);
  for (const frame of [still('crowded', 30), still('ordinary-ride', 20), still('fall', 10)]) {
    const expected = await plain.detect(frame);
    expect(expected.length).toBeGreaterThan(1);
    expect((await withHead.detect(frame)).filter((d) => !isEbike(d))).toEqual(expected);
  }
});
