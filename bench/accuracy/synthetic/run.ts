// How hard the synthetic cabins are for the stock models and for the one trained on such cabins, beside real ones: a render
// that is much easier or much harder than reality is off.
// Run: npx tsx bench/accuracy/synthetic/run.ts [set] ; CABINWATCH_DATA adds the real pictures.
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
} from '../../../inference/index.ts';
import {
  averagePrecision,
  matchesAt,
  type PictureResult,
  type ScoredBox,
} from '../coco/average-precision.ts';
import { ebikeStills } from '../ebikes/ebike-stills.ts';
import { votes } from '../ebikes/judged-still.ts';
import { lookTwice } from '../look-twice.ts';
import { CAMERA_TYPES, type SyntheticStill, syntheticStills } from './synthetic-set.ts';

const DRAWN = 250;
const JUDGED = 200;
const SEED = 2026;
const PEOPLE_IOU = 0.5;
/** As for the real tiles, whose boxes were drawn by different hands. */
const EBIKE_IOU = 0.3;
const options = inferenceOptions();

const DETECTORS = ['nanodet-g', 'cabin-detector'];
const REAL = ['ebike-cabin-eval', 'ebike-lifts'];

interface Models {
  readonly name: string;
  readonly detector: Detector;
  readonly pose: PoseEstimator;
}

interface EbikeResult extends PictureResult {
  readonly found: readonly Detection[];
}

interface Judged {
  readonly camera: string;
  readonly people: PictureResult;
  readonly ebikes: EbikeResult;
}

/** What the chain of the live pipeline says of one picture, before any tracking. */
async function lookAt(
  frame: Frame,
  { detector, pose }: Models,
): Promise<{ people: ScoredBox[]; ebikes: readonly Detection[] }> {
  const { whole, things } = await lookTwice(frame, detector, options);
  const poses = await pose.estimate(frame);
  const people = fusePeople(whole, poses, options.fusion);
  return {
    people: people.filter((p) => p.score >= options.people.highScore),
    ebikes: things,
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

async function synthetic(folder: string, models: Models): Promise<Found> {
  const judged: Judged[] = [];
  for await (const still of syntheticStills(folder)) {
    if (still.people.length < 1 || still.people.length > 6) continue;
    judged.push(await judge(still, models));
    if (judged.length === JUDGED) break;
  }
  console.log(`\n${models.name}: ${judged.length} synthetic pictures with 1 to 6 people\n`);
  console.log(
    '| camera | pictures | people | recall | precision | counted exactly | e-bikes | AP | recall | precision |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const type of ['all', ...CAMERA_TYPES]) {
    const rows = judged.filter((j) => type === 'all' || j.camera === type);
    if (rows.length > 0) console.log(cameraRow(type, rows));
  }
  const counts = judged.map((j) => ({ found: j.people.found.length, true: j.people.truth.length }));
  return { set: 'synthetic', counts, ebikes: judged.map((j) => j.ebikes) };
}

/** What was found in one set of pictures. */
interface Found {
  readonly set: string;
  readonly counts: readonly Count[];
  readonly ebikes: readonly EbikeResult[];
}

interface Count {
  readonly found: number;
  readonly true: number;
}

async function real(data: string, set: string, models: Models): Promise<Found> {
  const ebikes: EbikeResult[] = [];
  const counts: Count[] = [];
  for await (const still of ebikeStills(path.join(data, set))) {
    const found = await lookAt(still.frame, models);
    if (still.ebikes) ebikes.push({ truth: still.ebikes, found: found.ebikes });
    if (still.people !== undefined) counts.push({ found: found.people.length, true: still.people });
  }
  return { set, counts, ebikes };
}

/** The real pictures have counts but no boxes of people: as many as were found, up to as many as there are, count as right. */
function countRow({ set, counts }: Found): string {
  const sum = (of: (c: Count) => number): number => counts.reduce((all, c) => all + of(c), 0);
  const right = sum((c) => Math.min(c.found, c.true));
  const exact = counts.filter((c) => c.found === c.true).length;
  const all = sum((c) => c.true);
  const found = sum((c) => c.found);
  return `| ${set} | ${counts.length} | ${all} | ${share(right, all)} | ${share(right, found)} | ${share(exact, counts.length)} |`;
}

function cameraRow(type: string, rows: readonly Judged[]): string {
  const people = rows.map((row) => row.people);
  const { hits, misses } = matchesAt(people, PEOPLE_IOU, 0);
  const total = people.reduce((sum, r) => sum + r.truth.length, 0);
  const exact = people.filter((r) => r.truth.length === r.found.length).length;
  const shares = [share(hits, total), share(hits, hits + misses), share(exact, rows.length)];
  const cells = [type, rows.length, total, ...shares, ...ebikeCells(rows.map((row) => row.ebikes))];
  return `| ${cells.join(' | ')} |`;
}

/** E-bikes, AP over all finds, recall and precision of the finds that are enough for the vote. */
function ebikeCells(rows: readonly EbikeResult[]): (string | number)[] {
  const total = rows.reduce((sum, r) => sum + r.truth.length, 0);
  const voting = rows.map(({ truth, found }) => ({ truth, found: found.filter(enough) }));
  const { hits, misses } = matchesAt(voting, EBIKE_IOU, 0);
  const ap = total > 0 ? averagePrecision(rows, EBIKE_IOU).toFixed(2) : '–';
  return [total, ap, share(hits, total), share(hits, hits + misses)];
}

const enough = (d: Detection): boolean => votes(d, options.ebike.labels);

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`;

async function main(set: string | undefined): Promise<void> {
  const folder = set ?? `.cache/synthetic/${SEED}`;
  if (!existsSync(path.join(folder, 'annotations.json'))) {
    const onProgress = ({ done, all }: { done: number; all: number }): void =>
      void (process.stderr.isTTY && process.stderr.write(`\rdrawing ${done} of ${all} `));
    await synthRandomInWorkers({ count: DRAWN, seed: SEED, out: folder, workers: 1, onProgress });
  }
  const data = process.env.CABINWATCH_DATA;
  if (!data) console.log('The real pictures are left out: CABINWATCH_DATA names no folder that holds them.');
  const engine = createInferenceEngine();
  try {
    const pose = await createPoseEstimator({ model: 'movenet-multipose' }, { engine });
    for (const name of DETECTORS) {
      const models = { name, detector: await createDetector({ model: name }, { engine }), pose };
      const sets = [await synthetic(folder, models)];
      for (const set of data ? REAL : []) sets.push(await real(data as string, set, models));
      console.log(
        `\n| ${name}, people by count alone | pictures | people | recall | precision | counted exactly |`,
      );
      console.log('|---|---|---|---|---|---|');
      for (const found of sets) console.log(countRow(found));
      console.log(
        `\n| ${name}, e-bikes | pictures | e-bikes | AP | recall | precision |\n|---|---|---|---|---|---|`,
      );
      for (const { set, ebikes } of sets) {
        console.log(`| ${[set, ebikes.length, ...ebikeCells(ebikes)].join(' | ')} |`);
      }
    }
  } finally {
    await engine.close();
  }
}

await main(process.argv[2]);
