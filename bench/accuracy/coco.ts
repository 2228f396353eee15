// People AP50 of the built models beside their TFJS originals', and whether joints lie where people have them.
// Run: CABINWATCH_DATA=<folder> npx tsx bench/accuracy/coco.ts
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Frame, growBox } from '../../core/index.ts';
import { createDetector, createInferenceEngine, createPoseEstimator } from '../../inference/index.ts';
import { buildModels, type ReferenceTensor } from '../../models/index.ts';
import { averagePrecision, type ScoredBox } from './coco/average-precision.ts';
import { bothNetworks, compared, type RunNetwork } from './coco/both-networks.ts';
import { type CocoPicture, cocoPictures } from './coco/coco-pictures.ts';
import { type JointHits, jointHits } from './coco/joint-hits.ts';
import { peoplePlainly } from './coco/original-multipose.ts';
import { detectPlainly } from './coco/original-nanodet.ts';

const MODELS = '.cache/models';
const FLOOR = 0.03;
const MOST_APART = 0.005;

const BUILT = [
  ['NanoDet-g as built', 'nanodet-g'],
  ['NanoDet-g in 8 bits', 'nanodet-g-int8'],
  ['with the head for e-bikes', 'cabin-detector'],
  ['with the head, in 8 bits', 'cabin-detector-int8'],
] as const;

type FindPeople = (frame: Frame) => Promise<readonly ScoredBox[]>;
type Engine = ReturnType<typeof createInferenceEngine>;

interface Row {
  readonly chain: string;
  readonly ap50: number;
  readonly milliseconds: number;
}

async function measure(chain: string, pictures: readonly CocoPicture[], find: FindPeople): Promise<Row> {
  const results = [];
  let spent = 0;
  for (const [i, picture] of pictures.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r${chain}: ${i + 1} of ${pictures.length} `);
    const before = performance.now();
    const found = await find(picture.frame);
    spent += performance.now() - before;
    results.push({ truth: picture.people, found });
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const row = { chain, ap50: averagePrecision(results, 0.5), milliseconds: spent / pictures.length };
  console.log(`| ${chain} | ${row.ap50.toFixed(4)} | ${row.milliseconds.toFixed(0)} |`);
  return row;
}

/** @returns how far the converted and the built chain are from the original */
async function nanodetRows(pictures: readonly CocoPicture[], engine: Engine): Promise<number[]> {
  const both = await bothNetworks('nanodet-g');
  const { run, largest } = compared(both);
  const only = (found: readonly (ScoredBox & { readonly label: string })[]) =>
    found.filter(({ label }) => label === 'person');
  const plain = (network: RunNetwork) => async (frame: Frame) =>
    only(await detectPlainly(both.manifest, network, frame, FLOOR));
  const original = await measure('NanoDet-g, TFJS original, 416×416', pictures, plain(both.original));
  const converted = await measure('NanoDet-g, converted, same inputs', pictures, plain(both.converted));
  const ofBuilt = [];
  for (const [chain, model] of BUILT) {
    const detector = await createDetector({ model, modelsDir: MODELS, scoreThreshold: FLOOR }, { engine });
    ofBuilt.push(await measure(chain, pictures, async (frame) => only(await detector.detect(frame))));
  }
  for (const { frame } of pictures) await plain(run)(frame);
  console.log(`| (largest difference of any raw output) | ${largest().toExponential(1)} | |`);
  return [original, converted, ...ofBuilt].map(({ ap50 }) => original.ap50 - ap50);
}

const ROW = 56;
const SOMEBODY = 0.1;

/** A person and a joint that the original believes in: elsewhere its answer is a choice between equals. */
function believed({ data }: ReferenceTensor, index: number): boolean {
  const person = Math.floor(index / ROW) * ROW;
  const at = index - person;
  const certain = (i: number): boolean => (data[i] as number) >= SOMEBODY;
  return certain(person + 55) && (at >= 51 || certain(person + Math.floor(at / 3) * 3 + 2));
}

async function multiposeRows(pictures: readonly CocoPicture[], engine: Engine): Promise<number[]> {
  const both = await bothNetworks('movenet-multipose');
  const { run, largest } = compared(both, believed);
  const poses = await createPoseEstimator(
    { model: 'movenet-multipose', modelsDir: MODELS, scoreThreshold: FLOOR },
    { engine },
  );
  const plain = (network: RunNetwork) => (frame: Frame) =>
    peoplePlainly(both.manifest, network, frame, FLOOR);
  const original = await measure('MoveNet multipose, TFJS original, 256×256', pictures, plain(both.original));
  const converted = await measure(
    'MoveNet multipose, converted, same inputs',
    pictures,
    plain(both.converted),
  );
  const built = await measure('MoveNet multipose as built', pictures, (f) => poses.estimate(f));
  for (const { frame } of pictures) await plain(run)(frame);
  console.log(`| (largest difference where its score is 0.1 or more) | ${largest().toExponential(1)} | |`);
  return [original.ap50 - converted.ap50, original.ap50 - built.ap50];
}

async function joints(pictures: readonly CocoPicture[], engine: Engine): Promise<void> {
  console.log('\n| pose model | labelled joints within a tenth of the person’s longer side |\n|---|---|');
  for (const model of ['movenet-multipose', 'movenet-lightning', 'movenet-thunder']) {
    const whole = model === 'movenet-multipose';
    const estimator = await createPoseEstimator(
      { model, modelsDir: MODELS, scoreThreshold: FLOOR },
      { engine },
    );
    let total: JointHits = { joints: 0, hits: 0 };
    for (const { frame, poses } of pictures) {
      for (const truth of poses) {
        const found = await estimator.estimate(frame, whole ? undefined : growBox(truth.box, 0.15));
        const { joints: more, hits } = jointHits(truth, found, frame, whole ? 0.5 : 0);
        total = { joints: total.joints + more, hits: total.hits + hits };
      }
    }
    const share = ((100 * total.hits) / total.joints).toFixed(1);
    console.log(
      `| ${model}, ${whole ? 'of people it finds' : 'given the box'} | ${share} % of ${total.joints} |`,
    );
  }
}

async function main(data: string | undefined): Promise<number> {
  const folder = path.join(data ?? '', 'coco-val128');
  if (!data || !existsSync(folder)) {
    console.error('Set CABINWATCH_DATA to a folder that holds coco-val128/ (images, labels, keypoints).');
    return 2;
  }
  await buildModels({ outDir: MODELS });
  const pictures: CocoPicture[] = [];
  for await (const picture of cocoPictures(folder)) pictures.push(picture);
  const engine = createInferenceEngine({ workers: 1 });
  try {
    console.log(`${pictures.length} pictures\n\n| chain | people AP50 | ms a picture |\n|---|---|---|`);
    const apart = [...(await nanodetRows(pictures, engine)), ...(await multiposeRows(pictures, engine))];
    await joints(pictures, engine);
    const most = Math.max(...apart.map(Math.abs));
    console.log(
      `\nLargest AP50 difference from an original: ${most.toFixed(4)} (wanted: at most ${MOST_APART})`,
    );
    return most > MOST_APART ? 1 : 0;
  } finally {
    await engine.close();
  }
}

process.exitCode = await main(process.env.CABINWATCH_DATA);
