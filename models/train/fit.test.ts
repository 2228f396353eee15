import { beforeAll, describe, expect, test, vi } from 'vitest';
import { floats, runOnnx } from '../../tests/fixtures/run-onnx.ts';
import { decodeHead, encodeHead } from '../added-head/head-weights.ts';
import { writeHeadRows } from '../added-head/write-head.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { loadTensorFlow, type TensorFlow } from '../tensorflow.ts';
import { cycle, fitHead } from './fit.ts';
import { createHeadNetwork } from './head-network.ts';
import { answerOf, judgeHead } from './judge-head.ts';
import { headLoss } from './loss.ts';
import { seededRandom } from './random.ts';
import type { PixelBox, SampleSet } from './sample.ts';
import { targetsOf } from './targets.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const GRID = { rows: 6, columns: 8, stride: 16 };
const CHANNELS = 5;
const OPTIONS = { seed: 3, hidden: 8, epochs: 40, batch: 8, rate: 0.01, decay: 0.01 };

let tf: TensorFlow;
beforeAll(async () => {
  tf = await loadTensorFlow();
});

/** Pictures of noise; in every second one lies a thing, which lights up one channel. */
function things(count: number, seed: number): SampleSet {
  const random = seededRandom(seed);
  const samples = Array.from({ length: count }, (_, i) => {
    const left = 16 * Math.floor(random() * 4);
    const top = 16 * Math.floor(random() * 3);
    const box: PixelBox = [left, top, left + 64, top + 48];
    const shown = i % 2 === 0;
    const features = Float32Array.from({ length: 48 * CHANNELS }, (_, at) => {
      const cell = Math.floor(at / CHANNELS);
      const x = ((cell % 8) + 0.5) * 16;
      const y = (Math.floor(cell / 8) + 0.5) * 16;
      const lit = shown && at % CHANNELS === 2 && x > box[0] && x < box[2] && y > box[1] && y < box[3];
      return random() + (lit ? 2 : 0);
    });
    return { features, boxes: shown ? [box] : [], ignored: [] };
  });
  return {
    grid: GRID,
    channels: CHANNELS,
    count,
    read: async (i) => samples[i] as (typeof samples)[number],
  };
}

describe('a head', () => {
  test('learns: the loss falls, and it finds in new pictures what it was shown', async () => {
    const losses: number[] = [];
    const weights = await fitHead(things(32, 1), OPTIONS, { tf, onEpoch: ({ loss }) => losses.push(loss) });
    expect(losses).toHaveLength(OPTIONS.epochs);
    expect(losses.at(-1)).toBeLessThan(0.3 * (losses[0] as number));
    const figures = await judgeHead(tf, weights, things(24, 2));
    expect(figures).toMatchObject({ pictures: 24, things: 12, empty: 12 });
    expect(figures.averagePrecision).toBeGreaterThan(0.9);
    expect(figures.at.find(({ score }) => score === 0.4)?.falsePictures).toBe(0);
  });

  test('comes out the same for the same seed, and otherwise for another', async () => {
    const options = { ...OPTIONS, epochs: 2 };
    const once = encodeHead(await fitHead(things(8, 1), options, { tf }));
    expect(encodeHead(await fitHead(things(8, 1), options, { tf }))).toEqual(once);
    expect(encodeHead(await fitHead(things(8, 1), { ...options, seed: 4 }, { tf }))).not.toEqual(once);
  });

  test('answers in the ONNX graph, after its way through the file, as it did while it was trained', async () => {
    const random = seededRandom(5);
    const mean = Float32Array.from({ length: CHANNELS }, random);
    const deviation = Float32Array.from({ length: CHANNELS }, () => 0.5 + random());
    const network = createHeadNetwork(tf, { channels: CHANNELS, hidden: 6, seed: 9 }, { mean, deviation });
    const features = Float32Array.from({ length: 48 * CHANNELS }, () => 4 * random() - 2);
    const input = tf.tensor4d(features, [1, GRID.rows, GRID.columns, CHANNELS]);
    const learnt = await network.forward(input).data();
    const weights = decodeHead(encodeHead(await network.weights()), 'head.safetensors');

    const b = new GraphBuilder({ name: 'head' });
    const nhwc = b.input('features', 'float32', [1, GRID.rows, GRID.columns, CHANNELS]);
    b.output('rows', writeHeadRows(b, b.transpose(nhwc, [0, 3, 1, 2]), weights), 'float32');
    const { rows } = await runOnnx(b.build(), {
      features: floats(features, [1, GRID.rows, GRID.columns, CHANNELS]),
    });
    const plain = await answerOf(tf, weights, features, [GRID.rows, GRID.columns, CHANNELS]);
    expect(rows?.data).toHaveLength(learnt.length);
    for (const [i, value] of learnt.entries()) {
      expect(Math.abs((rows?.data[i] as number) - value)).toBeLessThan(1e-4);
      expect(Math.abs((plain[i] as number) - value)).toBeLessThan(1e-4);
    }
  });

  test('has the gradient that small changes of its weights measure', () => {
    const statistics = { mean: new Float32Array(CHANNELS), deviation: new Float32Array(CHANNELS).fill(1) };
    const network = createHeadNetwork(tf, { channels: CHANNELS, hidden: 4, seed: 2 }, statistics);
    const random = seededRandom(7);
    const input = tf.tensor4d(Float32Array.from({ length: 48 * CHANNELS }, random), [
      1,
      GRID.rows,
      GRID.columns,
      CHANNELS,
    ]);
    const { cells, distances } = targetsOf({ boxes: [[20, 10, 90, 70]], ignored: [] }, GRID);
    const targets = {
      cells: tf.tensor1d(Int32Array.from(cells), 'int32'),
      distances: tf.tensor2d(distances, [48, 4]),
    };
    const loss = () => headLoss(tf, network.forward(input), targets);
    const { grads } = tf.variableGrads(loss, network.variables as never);
    for (const variable of network.variables) {
      const before = variable.dataSync().slice();
      const gradient = (grads[variable.name] as (typeof grads)[string]).dataSync();
      // Along the gradient and not too little, because less changes the loss by less than 32-bit sums resolve.
      const length = Math.hypot(...gradient);
      const step = 0.01 / length;
      const at = (sign: number): number => {
        variable.assign(
          tf.tensor(
            before.map((w, i) => w + sign * step * (gradient[i] as number)),
            variable.shape,
          ),
        );
        return loss().dataSync()[0] as number;
      };
      const measured = (at(1) - at(-1)) / (2 * step);
      variable.assign(tf.tensor(before, variable.shape));
      expect(length).toBeGreaterThan(1e-4);
      expect(Math.abs(measured / length ** 2 - 1)).toBeLessThan(0.05);
    }
  });
});

test('the learning rate rises shortly and falls to nearly nothing', () => {
  expect(cycle(0)).toBeCloseTo(0.04);
  expect(cycle(0.2)).toBeCloseTo(1);
  expect(cycle(0.6)).toBeCloseTo(0.5);
  expect(cycle(1)).toBe(0.001);
});
