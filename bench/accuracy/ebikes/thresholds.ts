// What a score for e-bikes costs and brings, with one look and with the second one: to choose `inference.ebike.labels` by, on
// pictures that no model learnt from and that nothing is judged by.
// Run: npx tsx bench/accuracy/ebikes/thresholds.ts MODEL FOLDER… ; folders of `cabinwatch datasets synth --random`.
import {
  createDetector,
  createInferenceEngine,
  inferenceOptions,
  mergeObjects,
} from '../../../inference/index.ts';
import { averagePrecision, matchesAt, type PictureResult } from '../coco/average-precision.ts';
import { lookTwice } from '../look-twice.ts';
import { syntheticStills } from '../synthetic/synthetic-set.ts';
import { FLOOR } from './judged-still.ts';

/** As for the real pictures. */
const MIN_IOU = 0.3;
const SCORES = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9];
const options = inferenceOptions();
const { labels } = options.ebike;

/** How many e-bikes are found at a score, how much else is, and how many pictures without one fire. */
function cellAt(score: number, pictures: readonly PictureResult[]): string {
  const { hits, misses } = matchesAt(pictures, MIN_IOU, score);
  const firing = pictures.filter(
    ({ truth, found }) => truth.length === 0 && found.some((f) => f.score >= score),
  );
  return `${hits}, ${misses}, ${firing.length}`;
}

async function main(model: string | undefined, folders: readonly string[]): Promise<void> {
  if (!model || folders.length === 0) throw new Error('thresholds.ts MODEL FOLDER…');
  const engine = createInferenceEngine();
  try {
    const detector = await createDetector({ model, scoreThreshold: FLOOR }, { engine });
    const once: PictureResult[] = [];
    const twice: PictureResult[] = [];
    for (const folder of folders) {
      for await (const { frame, ebikes: truth } of syntheticStills(folder)) {
        const { whole, things } = await lookTwice(frame, detector, options);
        const bikes = mergeObjects(whole, labels).filter((d) => d.label === 'ebike');
        once.push({ truth, found: bikes });
        twice.push({ truth, found: things.filter((d) => d.label === 'ebike') });
      }
    }
    const bikes = once.reduce((sum, { truth }) => sum + truth.length, 0);
    const without = once.filter(({ truth }) => truth.length === 0).length;
    const ap = (pictures: readonly PictureResult[]): string => averagePrecision(pictures, MIN_IOU).toFixed(3);
    console.log(
      `${model}: ${bikes} e-bikes; ${without} of ${once.length} pictures have none. Each cell: found, false, firing.`,
    );
    console.log(`AP ${ap(once)} with one look, ${ap(twice)} with two\n`);
    console.log('| score | one look | two looks |\n|---|---|---|');
    for (const score of SCORES)
      console.log(`| ${score} | ${cellAt(score, once)} | ${cellAt(score, twice)} |`);
  } finally {
    await engine.close();
  }
}

const [, , model, ...folders] = process.argv;
await main(model, folders);
