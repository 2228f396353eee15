// How long one look takes, and how cores are best used. Run: npx tsx bench/inference/run.ts
import { cpus } from 'node:os';
import { createFrame, type Frame } from '../../core/index.ts';
import { createDetector, createInferenceEngine, createPoseEstimator } from '../../inference/index.ts';
import { buildModels } from '../../models/index.ts';

const MODELS = '.cache/models';
const RUNS = 60;
const WARM_UP = 5;
const ROUNDS = 5;
const ROUND_MS = 1500;

const HD = [640, 360] as const;
const VGA = [640, 480] as const;

type Look = (frame: Frame) => Promise<unknown>;
type Engine = ReturnType<typeof createInferenceEngine>;

interface Case {
  readonly model: string;
  readonly picture: readonly [number, number];
  /** Side of the square to fit into; undefined: the model's own. */
  readonly side?: number;
}

const CASES: readonly Case[] = [
  ...[320, 416].map((side) => ({ model: 'nanodet-g-int8', picture: HD, side })),
  ...[256, 320, 352, 416, 512].map((side) => ({ model: 'nanodet-g', picture: HD, side })),
  { model: 'nanodet-g', picture: VGA, side: 416 },
  { model: 'nanodet-g', picture: [480, 480], side: 416 },
  ...[192, 256, 320].map((side) => ({ model: 'movenet-multipose', picture: HD, side })),
  { model: 'movenet-multipose', picture: [480, 480], side: 256 },
  { model: 'movenet-lightning', picture: HD },
  { model: 'movenet-thunder', picture: HD },
];

/** Noise on a slope: nothing to find, so decoding costs little, as in an empty cabin. */
function noise([width, height]: readonly [number, number]): Frame {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 80 + ((i / (width * 3)) % 60) + (state >>> 28);
  });
  return createFrame({ liftId: 'bench', ts: 0, width, height }, data);
}

async function open({ model, side }: Case, engine: Engine): Promise<Look> {
  const inputSize = side ? { inputSize: { width: side, height: side } } : {};
  const options = { model, modelsDir: MODELS, ...inputSize };
  if (model.startsWith('movenet')) {
    const estimator = await createPoseEstimator(options, { engine });
    return (frame) => estimator.estimate(frame);
  }
  const detector = await createDetector(options, { engine });
  return (frame) => detector.detect(frame);
}

async function oneLook(): Promise<void> {
  console.log('| model | picture | fits into | CPU ms a look | least ms |\n|---|---|---|---|---|');
  const engine = createInferenceEngine({ workers: 0 });
  for (const one of CASES) {
    const look = await open(one, engine);
    const frame = noise(one.picture);
    for (let i = 0; i < WARM_UP; i++) await look(frame);
    const times: number[] = [];
    const used = process.cpuUsage();
    for (let i = 0; i < RUNS; i++) {
      const before = performance.now();
      await look(frame);
      times.push(performance.now() - before);
    }
    const { user, system } = process.cpuUsage(used);
    times.sort((a, b) => a - b);
    const least = times[0] as number;
    const cpu = (user + system) / 1000 / RUNS;
    const size = one.side ?? 'fixed';
    console.log(
      `| ${one.model} | ${one.picture.join('×')} | ${size} | ${cpu.toFixed(1)} | ${least.toFixed(1)} |`,
    );
  }
  await engine.close();
}

/** Looks a second with as many questions at once as there are cores. */
async function throughput(look: Look, frame: Frame): Promise<number> {
  const until = performance.now() + ROUND_MS;
  const before = performance.now();
  let looks = 0;
  const keepAsking = async (): Promise<void> => {
    while (performance.now() < until) {
      await look(frame);
      looks += 1;
    }
  };
  await Promise.all(cpus().map(keepAsking));
  return (looks * 1000) / (performance.now() - before);
}

async function cores(): Promise<void> {
  const count = cpus().length;
  const ways = [
    { name: `${count} workers, 1 thread a run`, workers: count, intraOpThreads: 1 },
    { name: `1 worker, ${count} threads a run`, workers: 1, intraOpThreads: count },
    { name: 'calling thread', workers: 0, intraOpThreads: 1 },
  ];
  const frame = noise(HD);
  const opened = [];
  for (const { name, ...options } of ways) {
    const engine = createInferenceEngine(options);
    opened.push({
      name,
      engine,
      look: await open({ model: 'nanodet-g', picture: HD }, engine),
      rates: [] as number[],
    });
  }
  for (const { look } of opened) await look(frame);
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of opened) way.rates.push(await throughput(way.look, frame));
  }
  console.log(`\n| nanodet-g, 640×360, ${count} cores | looks a second, median of ${ROUNDS} |\n|---|---|`);
  for (const { name, engine, rates } of opened) {
    rates.sort((a, b) => a - b);
    console.log(`| ${name} | ${(rates[Math.floor(ROUNDS / 2)] as number).toFixed(1)} |`);
    await engine.close();
  }
}

await buildModels({ outDir: MODELS });
await oneLook();
await cores();
