// How hard the synthetic cabins are for the stock models, beside real ones: a render that is much easier or much harder
// than reality is off. Run: npx tsx bench/accuracy/synthetic/run.ts [set] ; CABINWATCH_DATA adds the real tiles.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Detection, type Detector, type Frame, iou, type PoseEstimator } from '../../../core/index.ts';
import { synthRandomInWorkers } from '../../../datasets/index.ts';
import {
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  fusePeople,
  inferenceOptions,
  mergeObjects,
} from '../../../inference/index.ts';
import {
  averagePrecision,
  matchesAt,
  type PictureResult,
  type ScoredBox,
} from '../coco/average-precision.ts';
import { ebikeStills } from '../ebikes/ebike-stills.ts';
import { CAMERA_TYPES, type SyntheticStill, syntheticStills } from './synthetic-set.ts';

const DRAWN = 250;
const JUDGED = 200;
const SEED = 2026;
const PEOPLE_IOU = 0.5;
/** As for the real tiles, whose boxes were drawn by different hands. */
const EBIKE_IOU = 0.3;
const options = inferenceOptions();

interface Models {
  readonly detector: Detector;
  readonly pose: PoseEstimator;
}

interface Judged {
  readonly camera: string;
  readonly people: PictureResult;
  readonly ebikes: PictureResult;
}

/** What the chain of the live pipeline says of one picture, before any tracking. */
async function lookAt(
  frame: Frame,
  { detector, pose }: Models,
): Promise<{ people: ScoredBox[]; ebikes: readonly Detection[] }> {
  const [detections, poses] = await Promise.all([detector.detect(frame), pose.estimate(frame)]);
  const people = fusePeople(detections, poses, options.fusion);
  return {
    people: people.filter((p) => p.score >= options.people.highScore),
    ebikes: mergeObjects(detections, options.ebike.labels),
  };
}

async function judge(still: SyntheticStill, models: Models): Promise<Judged> {
  const found = await lookAt(still.frame, models);
  const overlap = (box: ScoredBox, boxes: SyntheticStill['people']): number =>
    Math.max(0, ...boxes.map((b) => iou(b, box.box)));
  // Whoever finds the little that is seen of somebody has found nobody that was asked for, and nobody false.
  const people = found.people.filter((p) => {
    const sliver = overlap(p, still.slivers);
    return sliver < PEOPLE_IOU || sliver < overlap(p, still.people);
  });
  return {
    camera: still.camera,
    people: { truth: still.people, found: people },
    ebikes: { truth: still.ebikes, found: found.ebikes },
  };
}

async function synthetic(folder: string, models: Models): Promise<void> {
  const judged: Judged[] = [];
  for await (const still of syntheticStills(folder)) {
    if (still.people.length < 1 || still.people.length > 6) continue;
    judged.push(await judge(still, models));
    if (judged.length === JUDGED) break;
  }
  console.log(`${judged.length} synthetic pictures with 1 to 6 people\n`);
  console.log('| camera | pictures | people | recall | precision | counted exactly |');
  console.log('|---|---|---|---|---|---|');
  for (const type of ['all', ...CAMERA_TYPES]) {
    const rows = judged.filter((j) => type === 'all' || j.camera === type).map((j) => j.people);
    if (rows.length > 0) console.log(peopleRow(type, rows));
  }
  const withBike = judged.map((j) => j.ebikes).filter((r) => r.truth.length > 0 || r.found.length > 0);
  console.log('\n| e-bikes | pictures judged | e-bikes | AP | found at 0.1 | at 0.25 (false) |');
  console.log('|---|---|---|---|---|---|');
  console.log(ebikeRow('synthetic', judged.length, withBike));
  const counts = judged.map((j) => ({ found: j.people.found.length, true: j.people.truth.length }));
  console.log(`\n${COUNT_HEAD}\n${countRow('synthetic', counts)}`);
}

async function real(data: string, models: Models): Promise<void> {
  const ebikes: PictureResult[] = [];
  const counts: { found: number; true: number }[] = [];
  for await (const still of ebikeStills(path.join(data, 'ebike-cabin-eval'))) {
    const found = await lookAt(still.frame, models);
    if (still.ebikes) ebikes.push({ truth: still.ebikes, found: found.ebikes });
    if (still.people) counts.push({ found: found.people.length, true: still.people });
  }
  console.log(countRow('real tiles', counts));
  console.log(`\n${ebikeRow('real tiles', ebikes.length, ebikes)}`);
}

const COUNT_HEAD =
  '| people, by count alone | pictures | people | recall | precision | counted exactly |\n|---|---|---|---|---|---|';

/** The real tiles have counts but no boxes of people: as many as were found, up to as many as there are, count as right. */
function countRow(name: string, counts: readonly { found: number; true: number }[]): string {
  const sum = (of: (c: { found: number; true: number }) => number): number =>
    counts.reduce((all, c) => all + of(c), 0);
  const right = sum((c) => Math.min(c.found, c.true));
  const exact = counts.filter((c) => c.found === c.true).length;
  return `| ${name} | ${counts.length} | ${sum((c) => c.true)} | ${share(
    right,
    sum((c) => c.true),
  )} | ${share(
    right,
    sum((c) => c.found),
  )} | ${share(exact, counts.length)} |`;
}

function peopleRow(type: string, rows: readonly PictureResult[]): string {
  const { hits, misses } = matchesAt(rows, PEOPLE_IOU, 0);
  const total = rows.reduce((sum, r) => sum + r.truth.length, 0);
  const exact = rows.filter((r) => r.truth.length === r.found.length).length;
  return `| ${type} | ${rows.length} | ${total} | ${share(hits, total)} | ${share(hits, hits + misses)} | ${share(exact, rows.length)} |`;
}

function ebikeRow(name: string, pictures: number, rows: readonly PictureResult[]): string {
  const total = rows.reduce((sum, r) => sum + r.truth.length, 0);
  const at = (score: number) => matchesAt(rows, EBIKE_IOU, score);
  return `| ${name} | ${pictures} | ${total} | ${averagePrecision(rows, EBIKE_IOU).toFixed(2)} | ${at(0.1).hits} | ${at(0.25).hits} (${at(0.25).misses}) |`;
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`;

async function main(set: string | undefined): Promise<void> {
  const folder = set ?? `.cache/synthetic/${SEED}`;
  if (!existsSync(path.join(folder, 'annotations.json'))) {
    const onProgress = ({ done, all }: { done: number; all: number }): void =>
      void (process.stderr.isTTY && process.stderr.write(`\rdrawing ${done} of ${all} `));
    await synthRandomInWorkers({ count: DRAWN, seed: SEED, out: folder, workers: 1, onProgress });
  }
  const engine = createInferenceEngine();
  try {
    const models = {
      detector: await createDetector({ model: 'nanodet-g' }, { engine }),
      pose: await createPoseEstimator({ model: 'movenet-multipose' }, { engine }),
    };
    await synthetic(folder, models);
    const data = process.env.CABINWATCH_DATA;
    if (data) await real(data, models);
    else console.log('\nThe real tiles were left out: CABINWATCH_DATA names no folder that holds them.');
  } finally {
    await engine.close();
  }
}

await main(process.argv[2]);
