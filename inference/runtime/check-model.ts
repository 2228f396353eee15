import { CabinwatchError, createFrame, type Frame } from '../../core/index.ts';
import { verifyBuilt } from '../../models/index.ts';
import { createInferenceEngine, type EngineDeps } from './engine.ts';
import type { Answer } from './look.ts';
import { DEFAULT_MODELS_DIR, engineKeys, type ModelOptions, openModel } from './model-handle.ts';

export interface ModelCheck {
  readonly id: string;
  readonly task: 'detect' | 'pose';
  /** The execution provider that runs it. */
  readonly provider: string;
  /** The fastest of a few runs on a 640×360 picture, ms. */
  readonly milliseconds: number;
}

const RUNS = 5;

/**
 * Checks a built model: its bytes are the manifest's, it loads, it runs on pictures of several sizes and its answers
 * have the promised form.
 * @throws CabinwatchError MODEL_NOT_BUILT, MODEL_INVALID, DEPENDENCY_MISSING or INFERENCE_FAILED, with what to do
 */
export async function checkModel(options: ModelOptions, deps: EngineDeps = {}): Promise<ModelCheck> {
  const dir = options.modelsDir ?? DEFAULT_MODELS_DIR;
  const { id, task, classNames } = await verifyBuilt(dir, options.model);
  const engine = createInferenceEngine({ ...engineKeys(options), workers: 1 }, deps);
  try {
    const model = await openModel(task, options, { engine });
    const provider = await engine.load(model.file);
    let milliseconds = Number.POSITIVE_INFINITY;
    for (const frame of [gradient(97, 61), gradient(360, 640), ...Array(RUNS).fill(gradient(640, 360))]) {
      const before = performance.now();
      const answer = await model.look(frame);
      milliseconds = Math.min(milliseconds, performance.now() - before);
      const fault = faultOf(answer, task, classNames.length);
      if (fault) throw new CabinwatchError('MODEL_INVALID', `The model ${id} answers wrongly: ${fault}.`);
    }
    return { id, task, provider, milliseconds };
  } finally {
    await engine.close();
  }
}

function gradient(width: number, height: number): Frame {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 256);
  return createFrame({ liftId: 'check', ts: 0, width, height }, data);
}

function faultOf(answer: Answer, task: 'detect' | 'pose', classes: number): string | undefined {
  const count = answer.scores.length;
  if (answer.boxes.length !== count * 4) return `${count} scores but ${answer.boxes.length / 4} boxes`;
  if (answer.boxes.some((side) => !(side >= 0 && side <= 1))) return 'a box outside 0–1';
  if (answer.scores.some((score) => !(score >= 0 && score <= 1))) return 'a score outside 0–1';
  if (task === 'pose') {
    return answer.keypoints?.length === count * 17 * 3 ? undefined : 'not 17 keypoints a person';
  }
  if (answer.classes?.length !== count) return 'not one class a box';
  return answer.classes.every((index) => index < classes)
    ? undefined
    : 'a class that the manifest does not name';
}
