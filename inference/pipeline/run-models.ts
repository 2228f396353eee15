import {
  type Box,
  CabinwatchError,
  type Detection,
  type Detector,
  type Frame,
  type Pose,
  type PoseEstimator,
} from '../../core/index.ts';

import type { CloseLook } from '../tracking/second-look.ts';

export interface ModelPlan {
  /** Whether the detector looks at the whole picture. */
  readonly detect: boolean;
  /** Whether the cheaper detector will do: the machine is short of time, and nothing hangs on this look. */
  readonly quick: boolean;
  readonly pose: boolean;
  readonly crops: readonly Box[];
}

export interface Findings {
  /** Undefined when the detector failed or was not asked: then nothing may be concluded from what is not seen. */
  readonly detections: readonly Detection[] | undefined;
  /** Undefined without a pose model or when it failed; empty also when this look did not ask it. */
  readonly poses: readonly Pose[] | undefined;
  /** One for each crop that the detector did not fail on. */
  readonly closeLooks: readonly CloseLook[];
  readonly inferences: number;
  readonly errors: readonly CabinwatchError[];
}

/** Runs all models that one look needs side by side, and never rejects: what failed is in `errors`. */
export async function runModels(
  frame: Frame,
  models: { readonly detector: Detector; readonly pose: PoseEstimator | undefined },
  plan: ModelPlan,
): Promise<Findings> {
  const errors: CabinwatchError[] = [];
  const guarded = async <T>(what: string, run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await run();
    } catch (cause) {
      errors.push(failure(what, frame, cause));
      return undefined;
    }
  };
  const pose = plan.pose ? models.pose : undefined;
  const unasked = models.pose ? [] : undefined;
  const [detections, poses, ...close] = await Promise.all([
    plan.detect ? guarded('detector', () => models.detector.detect(frame)) : undefined,
    pose ? guarded('pose model', () => pose.estimate(frame)) : unasked,
    ...plan.crops.map((region) =>
      guarded('detector on a crop', async () => ({
        region,
        found: await models.detector.detect(frame, region),
      })),
    ),
  ]);
  const inferences = (plan.detect ? 1 : 0) + (pose ? 1 : 0) + plan.crops.length;
  const closeLooks = close.filter((look) => look !== undefined);
  return { detections, poses, closeLooks, inferences, errors };
}

function failure(what: string, frame: Frame, cause: unknown): CabinwatchError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const detail = `The ${what} failed on a ${frame.width}x${frame.height} picture of lift ${frame.liftId}: ${reason}`;
  return new CabinwatchError('INFERENCE_FAILED', detail, { cause });
}
