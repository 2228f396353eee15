import type { Detection, Detector } from '../../core/index.ts';
import { boxAt } from './box-at.ts';
import type { Answer } from './look.ts';
import { type ModelDeps, type ModelOptions, openModel } from './model-handle.ts';

/**
 * A detector that runs a built model.
 * @throws CabinwatchError MODEL_NOT_BUILT, MODEL_INVALID, DEPENDENCY_MISSING or CONFIG_INVALID
 */
export async function createDetector(options: ModelOptions, deps: ModelDeps = {}): Promise<Detector> {
  const model = await openModel('detect', options, deps);
  const labels = model.manifest.classNames;
  return {
    labels,
    detect: async (frame, region) => toDetections(await model.look(frame, region), labels),
    close: model.close,
  };
}

function toDetections({ boxes, scores, classes = [] }: Answer, labels: readonly string[]): Detection[] {
  return Array.from(scores, (score, i) => ({
    label: labels[classes[i] as number] as string,
    score,
    box: boxAt(boxes, i),
  }));
}
