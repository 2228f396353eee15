import path from 'node:path';
import type { Detection, Detector, Frame, PoseEstimator } from '../../../core/index.ts';
import {
  cornerCrops,
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  fusePeople,
  inferenceOptions,
  mergeObjects,
} from '../../../inference/index.ts';
import { averagePrecision, matchesAt, type PictureResult } from '../coco/average-precision.ts';
import { ebikeStills } from './ebike-stills.ts';

/** Boxes by different hands on smeared pictures agree no better than this. */
const MIN_IOU = 0.3;
const SETS = ['ebike-cabin-eval', 'ebike-lifts'];
const options = inferenceOptions();

interface Row {
  readonly set: string;
  readonly way: string;
  readonly results: readonly PictureResult[];
}

/** What the detector says of a still as the live pipeline would ask it: once, or with all four close looks. */
async function bikesIn(frame: Frame, detector: Detector, close: boolean): Promise<readonly Detection[]> {
  const regions = close ? cornerCrops(options.zoom.cropSize) : [];
  const passes = await Promise.all([
    detector.detect(frame),
    ...regions.map((region) => detector.detect(frame, region)),
  ]);
  return mergeObjects(passes.flat(), options.ebike.labels);
}

async function countPeople(frame: Frame, detector: Detector, pose: PoseEstimator): Promise<number> {
  const [boxes, poses] = await Promise.all([detector.detect(frame), pose.estimate(frame)]);
  const people = fusePeople(boxes, poses, options.fusion);
  return people.filter((p) => p.score >= options.people.highScore).length;
}

async function main(): Promise<void> {
  const data = process.env.CABINWATCH_DATA;
  if (!data) throw new Error('Set CABINWATCH_DATA to the folder with ebike-cabin-eval and ebike-lifts.');
  const engine = createInferenceEngine();
  const detector = await createDetector({ model: 'nanodet-g' }, { engine });
  const pose = await createPoseEstimator({ model: 'movenet-multipose' }, { engine });
  const rows: Row[] = [];
  const counting: string[] = [];
  for (const set of SETS) {
    const whole: PictureResult[] = [];
    const close: PictureResult[] = [];
    const errors: number[] = [];
    for await (const { frame, ebikes, people } of ebikeStills(path.join(data, set))) {
      if (ebikes) {
        whole.push({ truth: ebikes, found: await bikesIn(frame, detector, false) });
        close.push({ truth: ebikes, found: await bikesIn(frame, detector, true) });
      }
      if (people !== undefined) errors.push((await countPeople(frame, detector, pose)) - people);
    }
    rows.push({ set, way: 'whole picture', results: whole }, { set, way: 'and four crops', results: close });
    counting.push(countingRow(set, errors));
  }
  await engine.close();
  console.log('| set | looked at | e-bikes | AP | found at 0.1 | at 0.25 (false) | at 0.4 (false) |');
  console.log('|---|---|---|---|---|---|---|');
  for (const row of rows) console.log(ebikeRow(row));
  console.log(
    '\n| set | stills counted | exact | mean absolute error | too many | too few |\n|---|---|---|---|---|---|',
  );
  for (const line of counting) console.log(line);
}

function ebikeRow({ set, way, results }: Row): string {
  const total = results.reduce((sum, r) => sum + r.truth.length, 0);
  const at = (score: number): { hits: number; misses: number } => matchesAt(results, MIN_IOU, score);
  const cell = (score: number): string => `${at(score).hits} (${at(score).misses})`;
  const ap = averagePrecision(results, MIN_IOU).toFixed(2);
  return `| ${set} | ${way} | ${total} | ${ap} | ${at(0.1).hits} | ${cell(0.25)} | ${cell(0.4)} |`;
}

function countingRow(set: string, errors: readonly number[]): string {
  const share = errors.filter((e) => e === 0).length / errors.length;
  const mae = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length;
  const over = errors.filter((e) => e > 0).length;
  const under = errors.filter((e) => e < 0).length;
  return `| ${set} | ${errors.length} | ${(100 * share).toFixed(0)} % | ${mae.toFixed(2)} | ${over} | ${under} |`;
}

await main();
