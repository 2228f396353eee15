import { KEYPOINT_NAMES, type Keypoint, type Pose, type PoseEstimator } from '../../core/index.ts';
import { boxAt } from './box-at.ts';
import type { Answer } from './look.ts';
import { type ModelDeps, type ModelOptions, openModel } from './model-handle.ts';

/**
 * A pose estimator that runs a built model.
 * @throws CabinwatchError MODEL_NOT_BUILT, MODEL_INVALID, DEPENDENCY_MISSING or CONFIG_INVALID
 */
export async function createPoseEstimator(
  options: ModelOptions,
  deps: ModelDeps = {},
): Promise<PoseEstimator> {
  const model = await openModel('pose', options, deps);
  return {
    estimate: async (frame, region) => toPoses(await model.look(frame, region)),
    close: model.close,
  };
}

function toPoses({ boxes, scores, keypoints = new Float32Array() }: Answer): Pose[] {
  return Array.from(scores, (score, i) => ({ score, box: boxAt(boxes, i), keypoints: joints(keypoints, i) }));
}

function joints(packed: Float32Array, person: number): Keypoint[] {
  return KEYPOINT_NAMES.map((_, joint) => {
    const at = (person * KEYPOINT_NAMES.length + joint) * 3;
    const [x = 0, y = 0, score = 0] = packed.subarray(at, at + 3);
    return { x, y, score };
  });
}
