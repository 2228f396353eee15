import { performance } from 'node:perf_hooks';
import {
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  DEFAULT_VISION_MODELS,
} from '../../inference/index.ts';
import { type AnalysisProgress, analyzeVideo } from './analyze-video.ts';
import { countControllerMessages } from './controller-file.ts';
import type { AnalysisLine } from './event-lines.ts';
import { readLiftFile } from './lift-file.ts';

export interface AnalyzeFileOptions {
  readonly path: string;
  readonly fps: number;
  readonly liftFile?: string | undefined;
  readonly controllerFile?: string | undefined;
  readonly annotatePath?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: AnalysisProgress) => void;
  /** What the person should know before the work starts. */
  readonly onNotice?: (text: string) => void;
}

/** `analyzeVideo` with the built models and the settings from files: what `cabinwatch analyze` does. */
export async function* analyzeFile(options: AnalyzeFileOptions): AsyncGenerator<AnalysisLine> {
  const { liftFile, controllerFile, ...rest } = options;
  const lift = await readLiftFile(liftFile);
  if (controllerFile !== undefined) {
    const count = await countControllerMessages(controllerFile);
    options.onNotice?.(
      `${count} controller messages read; this version judges the picture alone and leaves them out.`,
    );
  }
  const engine = createInferenceEngine();
  try {
    const [detector, pose] = await Promise.all([
      createDetector({ model: DEFAULT_VISION_MODELS.detector }, { engine }),
      createPoseEstimator({ model: DEFAULT_VISION_MODELS.pose }, { engine }),
    ]);
    yield* analyzeVideo({ ...rest, ...lift }, { detector, pose, stopwatch: () => performance.now() });
  } finally {
    await engine.close();
  }
}
