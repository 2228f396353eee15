import type { Detector, Logger, PoseEstimator } from '../../core/index.ts';
import {
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  type EngineOptions,
} from '../../inference/index.ts';

/** What looks at pictures. A model that cannot be had is undefined; the service then does what it can without. */
export interface Models {
  readonly detector: Detector | undefined;
  readonly pose: PoseEstimator | undefined;
  close(): Promise<void>;
}

/** The models that judge cabins until ones trained on cabins are promoted. */
const DETECTOR = 'nanodet-g';
const POSE = 'movenet-multipose';

export async function openModels(options: EngineOptions, logger: Logger): Promise<Models> {
  const engine = createInferenceEngine(options, { logger });
  const orNothing = async <T>(model: string, open: Promise<T>): Promise<T | undefined> => {
    try {
      return await open;
    } catch (error) {
      logger.error(
        { model, detail: (error as Error).message },
        'a model cannot be used; the service goes on without',
      );
      return undefined;
    }
  };
  const [detector, pose] = await Promise.all([
    orNothing(DETECTOR, createDetector({ model: DETECTOR }, { engine })),
    orNothing(POSE, createPoseEstimator({ model: POSE }, { engine })),
  ]);
  return { detector, pose, close: () => engine.close() };
}
