import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Box, CabinwatchError, type Frame, WHOLE_PICTURE } from '../../core/index.ts';
import { modelFiles, type ParsedManifest, parseManifest } from '../../models/index.ts';
import { createInferenceEngine, type EngineDeps, type InferenceEngine } from './engine.ts';
import type { Answer } from './look.ts';
import type { EngineOptions } from './options.ts';

export interface ModelOptions extends Partial<EngineOptions> {
  /** Id of a built model. */
  readonly model: string;
  /** Where built models lie; default `.cache/models`. */
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
  readonly manifest: ParsedManifest;
  look(frame: Frame, region?: Box): Promise<Answer>;
  close(): Promise<void>;
}

export const DEFAULT_MODELS_DIR = path.join('.cache', 'models');

/** @throws CabinwatchError MODEL_NOT_BUILT, MODEL_INVALID, DEPENDENCY_MISSING or CONFIG_INVALID */
export async function openModel(
  task: 'detect' | 'pose',
  options: ModelOptions,
  deps: ModelDeps,
): Promise<ModelHandle> {
  const files = modelFiles(options.modelsDir ?? DEFAULT_MODELS_DIR, options.model);
  const manifest = await readManifest(files.manifest, options.model);
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
    await engine.load(files.model);
  } catch (error) {
    await closeOwn();
    throw error;
  }
  return {
    manifest,
    look: (frame, region = WHOLE_PICTURE) =>
      engine.ask(files.model, {
        width: frame.width,
        height: frame.height,
        data: frame.data,
        region: [region.x1, region.y1, region.x2, region.y2],
        scoreThreshold,
        size,
      }),
    close: closeOwn,
  };
}

async function readManifest(file: string, model: string): Promise<ParsedManifest> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new CabinwatchError(
      'MODEL_NOT_BUILT',
      `The model ${model} has not been built (no ${file}). Run: npx cabinwatch models build`,
      { cause },
    );
  }
  return parseManifest(JSON.parse(text), file);
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

function engineKeys({ workers, intraOpThreads, executionProviders }: ModelOptions): Partial<EngineOptions> {
  return {
    ...(workers !== undefined && { workers }),
    ...(intraOpThreads !== undefined && { intraOpThreads }),
    ...(executionProviders && { executionProviders }),
  };
}
