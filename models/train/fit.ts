import type { Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs';
import type { HeadWeights } from '../added-head/head-weights.ts';
import type { TensorFlow } from '../tensorflow.ts';
import { type ChannelStatistics, createHeadNetwork, type HeadNetwork } from './head-network.ts';
import { headLoss } from './loss.ts';
import { seededRandom, shuffled } from './random.ts';
import type { Sample, SampleSet } from './sample.ts';
import { targetsOf } from './targets.ts';

export interface FitOptions {
  readonly seed: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  /** Highest learning rate of the cycle. */
  readonly rate: number;
  /** Share of the weights taken away a step, times the learning rate. */
  readonly decay: number;
}

export interface FitDeps {
  readonly tf: TensorFlow;
  readonly onEpoch?: (epoch: { readonly epoch: number; readonly loss: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Learns a head from samples. The same samples and seed give the same weights on the same backend. */
export async function fitHead(set: SampleSet, options: FitOptions, deps: FitDeps): Promise<HeadWeights> {
  const { tf } = deps;
  const random = seededRandom(options.seed);
  const statistics = await channelStatistics(set, random);
  const network = createHeadNetwork(tf, { ...options, channels: set.channels }, statistics);
  const step = createStep(tf, network, options);
  const perEpoch = Math.ceil(set.count / options.batch);
  try {
    for (let epoch = 0; epoch < options.epochs; epoch++) {
      const order = shuffled(set.count, random);
      let sum = 0;
      for (let i = 0; i < perEpoch; i++) {
        deps.signal?.throwIfAborted();
        const wanted = order.slice(i * options.batch, (i + 1) * options.batch);
        const samples = await Promise.all(wanted.map((index) => set.read(index)));
        sum += await step(samples, set, (epoch * perEpoch + i) / (options.epochs * perEpoch));
      }
      deps.onEpoch?.({ epoch: epoch + 1, loss: sum / perEpoch });
    }
    return await network.weights();
  } finally {
    step.dispose();
    network.dispose();
  }
}

/** One step of AdamW; `progress` 0…1 says where in the cycle of learning rates it is. */
function createStep(tf: TensorFlow, network: HeadNetwork, options: FitOptions) {
  const adam = tf.train.adam(options.rate);
  const matrices = network.variables.filter((variable) => variable.rank === 2);
  const step = async (samples: readonly Sample[], set: SampleSet, progress: number): Promise<number> => {
    const rate = options.rate * cycle(progress);
    // tfjs's Adam reads its rate anew each step; its type calls it protected.
    (adam as unknown as { learningRate: number }).learningRate = rate;
    const cost = tf.tidy(() => {
      const { features, cells, distances } = batchOf(tf, samples, set);
      const loss = adam.minimize(
        () => headLoss(tf, network.forward(features), { cells, distances }),
        true,
        network.variables as Variable[],
      );
      for (const matrix of matrices) matrix.assign(tf.mul(matrix, 1 - rate * options.decay));
      return loss as Tensor;
    });
    const [value = Number.NaN] = await cost.data();
    cost.dispose();
    return value;
  };
  return Object.assign(step, { dispose: () => adam.dispose() });
}

/** A short rise, then a long fall to nearly nothing (one-cycle, Smith 2018), as a share of the highest rate. */
export function cycle(progress: number): number {
  const rise = 0.2;
  const half = (share: number): number => 0.5 - 0.5 * Math.cos(Math.PI * share);
  return progress < rise
    ? 0.04 + 0.96 * half(progress / rise)
    : Math.max(0.001, half(1 - (progress - rise) / (1 - rise)));
}

function batchOf(tf: TensorFlow, samples: readonly Sample[], { grid, channels }: SampleSet) {
  const { rows, columns } = grid;
  const size = rows * columns;
  const features = new Float32Array(samples.length * size * channels);
  const cells = new Int32Array(samples.length * size);
  const distances = new Float32Array(samples.length * size * 4);
  for (const [i, sample] of samples.entries()) {
    const targets = targetsOf(sample, grid);
    features.set(sample.features, i * size * channels);
    cells.set(targets.cells, i * size);
    distances.set(targets.distances, i * size * 4);
  }
  return {
    features: tf.tensor4d(features, [samples.length, rows, columns, channels]) as Tensor4D,
    cells: tf.tensor1d(cells, 'int32') as Tensor1D,
    distances: tf.tensor2d(distances, [samples.length * size, 4]) as Tensor2D,
  };
}

/** How many pictures tell enough of how the channels spread. */
const MEASURED = 64;

async function channelStatistics(set: SampleSet, random: () => number): Promise<ChannelStatistics> {
  const { channels } = set;
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let count = 0;
  for (const index of shuffled(set.count, random).slice(0, MEASURED)) {
    const { features } = await set.read(index);
    for (let i = 0; i < features.length; i++) {
      const value = features[i] as number;
      const channel = i % channels;
      sum[channel] = (sum[channel] as number) + value;
      squares[channel] = (squares[channel] as number) + value * value;
    }
    count += features.length / channels;
  }
  const mean = Float32Array.from(sum, (s) => s / count);
  const deviation = Float32Array.from(squares, (s, c) => {
    const m = mean[c] as number;
    return Math.sqrt(Math.max(0, s / count - m * m)) + 1e-3;
  });
  return { mean, deviation };
}
