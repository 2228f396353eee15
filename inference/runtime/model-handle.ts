import path from 'node:path';
import { type Box, CabinwatchError, type Frame, projectRoot, WHOLE_PICTURE } from '../../core/index.ts';
import { modelFiles, type ParsedManifest, readBuiltManifest } from '../../models/index.ts';
import { createInferenceEngine, type EngineDeps, type InferenceEngine } from './engine.ts';
import type { Answer } from './look.ts';
import type { EngineOptions } from './options.ts';

export interface ModelOptions extends Partial<EngineOptions> {
  /** Id of a built model. */
  readonly model: string;
  /** Where built models lie; default `.cache/models` in the installation's folder. */
  readonly modelsDir?: string;
  /** Below this nothing is given out, 0–1; default: the manifest's `thresholds.low`. */
  readonly scoreThreshold?: number;
  /**
   * What pictures are scaled to fit into, pixels, multiples of the model's stride; default: the manifest's. Larger sees
   * smaller things and costs time in proportion. Only for models that take any size.
   */
  readonly inputSize?: { readonly width: number; readonly height: number };
}

export interface ModelDeps extends EngineDeps {
  /** Shared by several models; left out, the model has its own, made with the options and closed with it. */
  readonly engine?: InferenceEngine;
}

export interface ModelHandle {
  readonly file: string;
  readonly manifest: ParsedManifest;
  look(frame: Frame, region?: Box): Promise<Answer>;
  close(): Promise<void>;
}

/** Belongs to the installation, wherever the command is called from. */
export const DEFAULT_MODELS_DIR = path.join(projectRoot(), '.cache', 'models');

/** @throws CabinwatchError MODEL_NOT_BUILT, MODEL_INVALID, DEPENDENCY_MISSING or CONFIG_INVALID */
export async function openModel(
  task: 'detect' | 'pose',
  options: ModelOptions,
  deps: ModelDeps,
): Promise<ModelHandle> {
  const dir = options.modelsDir ?? DEFAULT_MODELS_DIR;
  const file = modelFiles(dir, options.model).model;
  const manifest = await readBuiltManifest(dir, options.model);
  if (manifest.task !== task) {
    throw new CabinwatchError(
      'MODEL_INVALID',
      `${options.model} is a model for "${manifest.task}"; here one for "${task}" is needed.`,
    );
  }
  const size = checkedSize(manifest, options.inputSize);
  const scoreThreshold = options.scoreThreshold ?? manifest.thresholds.low;
  const engine = deps.engine ?? createInferenceEngine(engineKeys(options), deps);
  const closeOwn = async (): Promise<void> => {
    if (!deps.engine) await engine.close();
  };
  try {
    await engine.load(file);
  } catch (error) {
    await closeOwn();
    throw error;
  }
  let closed = false;
  return {
    file,
    manifest,
    async look(frame, region = WHOLE_PICTURE) {
      if (closed) throw new CabinwatchError('CLOSED', `The model ${options.model} has been closed.`);
      const { width, height, data } = frame;
      const { x1, y1, x2, y2 } = region;
      return engine.ask(file, { width, height, data, region: [x1, y1, x2, y2], scoreThreshold, size });
    },
    async close() {
      closed = true;
      await closeOwn();
    },
  };
}

function checkedSize(
  { id, input }: ParsedManifest,
  asked: ModelOptions['inputSize'],
): { width: number; height: number } {
  if (!asked) return input.size;
  const fixed = input.padTo !== 'stride';
  const fits = [asked.width, asked.height].every(
    (side) => Number.isInteger(side) && side > 0 && side % input.stride === 0,
  );
  if (fixed || !fits) {
    const remedy = fixed
      ? `leave it out: the size is fixed at ${input.size.width}x${input.size.height}`
      : `use multiples of ${input.stride}`;
    throw new CabinwatchError(
      'CONFIG_INVALID',
      `inputSize ${asked.width}x${asked.height} does not suit ${id}; ${remedy}.`,
    );
  }
  return asked;
}

export function engineKeys({
  workers,
  intraOpThreads,
  executionProviders,
}: ModelOptions): Partial<EngineOptions> {
  return {
    ...(workers !== undefined && { workers }),
    ...(intraOpThreads !== undefined && { intraOpThreads }),
    ...(executionProviders && { executionProviders }),
  };
}
