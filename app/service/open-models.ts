import type { Detector, Logger, PoseEstimator } from '../../core/index.ts';
import {
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  type EngineOptions,
  type VisionModels,
} from '../../inference/index.ts';

/** What looks at pictures. A model that cannot be had is undefined; the service then does what it can without. */
export interface Models {
  readonly detector: Detector | undefined;
  readonly pose: PoseEstimator | undefined;
  /** Takes the detector's place while the machine does not keep up. */
  readonly quickDetector?: Detector | undefined;
  close(): Promise<void>;
}

export async function openModels(
  { detector, quickDetector, pose }: VisionModels,
  options: EngineOptions,
  logger: Logger,
): Promise<Models> {
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
  const [boxes, quick, joints] = await Promise.all([
    orNothing(detector, createDetector({ model: detector }, { engine })),
    orNothing(quickDetector, createDetector({ model: quickDetector }, { engine })),
    orNothing(pose, createPoseEstimator({ model: pose }, { engine })),
  ]);
  return { detector: boxes, quickDetector: quick, pose: joints, close: () => engine.close() };
}
