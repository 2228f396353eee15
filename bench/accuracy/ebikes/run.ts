// What detectors find of e-bikes in real stills, beside each other, and what they take for one where there is none.
// Run: CABINWATCH_DATA=<folder> npx tsx bench/accuracy/ebikes/run.ts [model…]
import path from 'node:path';
import type { Detection, Detector, Frame } from '../../../core/index.ts';
import {
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  fusePeople,
  inferenceOptions,
  mergeObjects,
} from '../../../inference/index.ts';
import { averagePrecision, matchesAt } from '../coco/average-precision.ts';
import { lookTwice } from '../look-twice.ts';
import { bikelessPictures } from './bikeless-pictures.ts';
import { type EbikeStill, ebikeStills } from './ebike-stills.ts';
import { FLOOR, type JudgedStill, missesOf, votes } from './judged-still.ts';

/** Boxes by different hands on smeared pictures agree no better than this. */
const MIN_IOU = 0.3;
const SETS = ['ebike-cabin-eval', 'ebike-lifts'];
const MODELS = ['nanodet-g', 'cabin-detector', 'cabin-detector-int8'];
const options = inferenceOptions();
const { labels } = options.ebike;

/** What the detector says of a still: asked once, or as the live pipeline asks it, with a closer look where something may be. */
async function bikesIn(frame: Frame, detector: Detector, close: boolean): Promise<readonly Detection[]> {
  const { whole, things } = await lookTwice(frame, detector, options);
  return close ? things : mergeObjects(whole, labels);
}

const HEAD =
  '| model | set | looked at | e-bikes | AP | found at 0.1 | at 0.25 (false) | at 0.4 (false) | enough for the vote (false) |\n|---|---|---|---|---|---|---|---|---|';

async function judgeModel(
  model: string,
  detector: Detector,
  sets: ReadonlyMap<string, readonly EbikeStill[]>,
): Promise<string[]> {
  const misses: string[] = [];
  for (const [set, stills] of sets) {
    for (const close of [false, true]) {
      const judged: JudgedStill[] = [];
      for (const { name, frame, ebikes } of stills) {
        if (ebikes) judged.push({ name, truth: ebikes, found: await bikesIn(frame, detector, close) });
      }
      const way = close ? 'and a closer look' : 'whole picture';
      console.log(ebikeRow([model, set, way], judged));
      misses.push(`${model}, ${set}, ${way}: ${missesOf(judged, labels, MIN_IOU).join(', ') || 'none'}`);
    }
  }
  return misses;
}

function ebikeRow(names: readonly string[], judged: readonly JudgedStill[]): string {
  const total = judged.reduce((sum, { truth }) => sum + truth.length, 0);
  const cell = ({ hits, misses }: { hits: number; misses: number }): string => `${hits} (${misses})`;
  const at = (score: number): string => cell(matchesAt(judged, MIN_IOU, score));
  const voting = judged.map(({ truth, found }) => ({ truth, found: found.filter((d) => votes(d, labels)) }));
  const cells = [
    ...names,
    total,
    averagePrecision(judged, MIN_IOU).toFixed(2),
    matchesAt(judged, MIN_IOU, 0.1).hits,
    at(0.25),
    at(0.4),
    cell(matchesAt(voting, MIN_IOU, 0)),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Pictures without a bike in which something is enough for the vote. */
async function falseRow(model: string, detector: Detector, folder: string): Promise<string> {
  let pictures = 0;
  let firing = 0;
  let clear = 0;
  for await (const frame of bikelessPictures(folder)) {
    const found = (await bikesIn(frame, detector, true)).filter(
      (d) => votes(d, labels) && labels[d.label]?.weight === 1,
    );
    pictures += 1;
    if (found.length > 0) firing += 1;
    if (found.some((d) => d.score >= (labels[d.label]?.clear ?? 1))) clear += 1;
  }
  return `| ${model} | ${pictures} | ${firing} | ${clear} |`;
}

async function countingRow(set: string, stills: readonly EbikeStill[], count: CountPeople): Promise<string> {
  const errors: number[] = [];
  for (const { frame, people } of stills) {
    if (people !== undefined) errors.push((await count(frame)) - people);
  }
  const share = errors.filter((e) => e === 0).length / errors.length;
  const mae = errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length;
  const over = errors.filter((e) => e > 0).length;
  const under = errors.filter((e) => e < 0).length;
  return `| ${set} | ${errors.length} | ${(100 * share).toFixed(0)} % | ${mae.toFixed(2)} | ${over} | ${under} |`;
}

type CountPeople = (frame: Frame) => Promise<number>;

async function readSets(data: string): Promise<Map<string, EbikeStill[]>> {
  const sets = new Map<string, EbikeStill[]>();
  for (const set of SETS) {
    const stills: EbikeStill[] = [];
    for await (const still of ebikeStills(path.join(data, set))) stills.push(still);
    sets.set(set, stills);
  }
  return sets;
}

async function main(models: readonly string[]): Promise<void> {
  const data = process.env.CABINWATCH_DATA;
  if (!data) {
    throw new Error('Set CABINWATCH_DATA to the folder with ebike-cabin-eval, ebike-lifts and coco-val128.');
  }
  const sets = await readSets(data);
  const engine = createInferenceEngine();
  try {
    const detectors = new Map<string, Detector>();
    for (const model of models) {
      detectors.set(model, await createDetector({ model, scoreThreshold: FLOOR }, { engine }));
    }
    console.log(HEAD);
    const misses: string[] = [];
    for (const [model, detector] of detectors) misses.push(...(await judgeModel(model, detector, sets)));
    console.log(`\nNot enough for the vote, with the best score there:\n\n- ${misses.join('\n- ')}`);

    console.log('\n| model | COCO pictures without bikes | vote for one | clearly |\n|---|---|---|---|');
    for (const [model, detector] of detectors) {
      console.log(await falseRow(model, detector, path.join(data, 'coco-val128')));
    }

    console.log('\n| set | stills counted | exact | mean absolute error | too many | too few |');
    console.log('|---|---|---|---|---|---|');
    const [detector] = detectors.values();
    const pose = await createPoseEstimator({ model: 'movenet-multipose' }, { engine });
    const count: CountPeople = async (frame) => {
      const [boxes, poses] = await Promise.all([detector?.detect(frame) ?? [], pose.estimate(frame)]);
      const people = fusePeople(boxes, poses, options.fusion);
      return people.filter((p) => p.score >= options.people.highScore).length;
    };
    for (const [set, stills] of sets) console.log(await countingRow(set, stills, count));
  } finally {
    await engine.close();
  }
}

const [, , ...wanted] = process.argv;
await main(wanted.length > 0 ? wanted : MODELS);
