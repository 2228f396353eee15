import { encodeHead, type HeadWeights } from '../added-head/head-weights.ts';
import { loadTensorFlow } from '../tensorflow.ts';
import { fitHead } from './fit.ts';
import { judgeHead } from './judge-head.ts';
import type { HeadFigures } from './measure.ts';
import type { TrainOptions } from './options.ts';
import type { SampleSet } from './sample.ts';

export interface TrainingRun {
  readonly options: TrainOptions;
  /** The class the head finds. */
  readonly label: string;
  readonly training: SampleSet;
  readonly validation: SampleSet;
  readonly onEpoch?: (progress: {
    readonly epoch: number;
    readonly epochs: number;
    readonly loss: number;
  }) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedHead {
  readonly weights: HeadWeights;
  /** The .safetensors file. */
  readonly bytes: Uint8Array;
  /** On the validation pictures. */
  readonly figures: HeadFigures;
  readonly losses: readonly number[];
}

/**
 * Trains a head on a frozen network's features.
 * @throws CabinwatchError DEPENDENCY_MISSING without TensorFlow.js
 */
export async function trainHead(run: TrainingRun): Promise<TrainedHead> {
  const tf = await loadTensorFlow();
  const losses: number[] = [];
  const fitted = await fitHead(run.training, run.options, {
    tf,
    signal: run.signal,
    onEpoch: ({ epoch, loss }) => {
      losses.push(loss);
      run.onEpoch?.({ epoch, epochs: run.options.epochs, loss });
    },
  });
  const weights = {
    ...fitted,
    metadata: { label: run.label, seed: String(run.options.seed), samples: String(run.training.count) },
  };
  const figures = await judgeHead(tf, weights, run.validation);
  return { weights, bytes: encodeHead(weights), figures, losses };
}
