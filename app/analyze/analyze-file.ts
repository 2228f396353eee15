import { performance } from 'node:perf_hooks';
import type { Words } from '../../core/index.ts';
import { readFaultTables } from '../../incidents/index.ts';
import {
  createDetector,
  createInferenceEngine,
  createPoseEstimator,
  DEFAULT_VISION_MODELS,
} from '../../inference/index.ts';
import { createFileSource } from '../../streams/index.ts';
import { type AnalysisProgress, analyzeVideo } from './analyze-video.ts';
import { readControllerMessages } from './controller-file.ts';
import type { AnalysisLine } from './event-lines.ts';
import { createIncidentWatch } from './incident-watch.ts';
import { readLiftFile } from './lift-file.ts';

export interface AnalyzeFileOptions {
  readonly path: string;
  readonly fps: number;
  readonly liftFile?: string | undefined;
  readonly controllerFile?: string | undefined;
  readonly annotatePath?: string | undefined;
  /** The language of what is written in words. */
  readonly language?: keyof Words | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: AnalysisProgress) => void;
  /** What the person should know before the work starts. */
  readonly onNotice?: (text: string) => void;
}

/**
 * `analyzeVideo` with the built models and the settings from files: what `cabinwatch analyze` does. Files that can't be
 * used are told of before any model is loaded.
 * @throws CabinwatchError INPUT_NOT_FOUND, INPUT_EMPTY, INPUT_NOT_VIDEO, CONFIG_INVALID, DEPENDENCY_MISSING, and what
 * `analyzeVideo` throws
 */
export async function* analyzeFile(options: AnalyzeFileOptions): AsyncGenerator<AnalysisLine> {
  const { path, fps, liftFile, controllerFile, language = 'en', signal, ...rest } = options;
  const { liftId, inference, incidents } = await readLiftFile(liftFile);
  const messages = controllerFile === undefined ? undefined : await readControllerMessages(controllerFile);
  if (messages) options.onNotice?.(`${messages.length} controller messages read.`);
  const faultTable = await readFaultTables(incidents.faultTables);
  const watch = createIncidentWatch({ liftId, incidents, faultTable, messages });
  const source = await createFileSource({ path, liftId, fps, signal });
  const engine = createInferenceEngine();
  try {
    const [detector, pose] = await Promise.all([
      createDetector({ model: DEFAULT_VISION_MODELS.detector }, { engine }),
      createPoseEstimator({ model: DEFAULT_VISION_MODELS.pose }, { engine }),
    ]);
    yield* analyzeVideo(
      { ...rest, inference, language, signal },
      { source, detector, pose, incidents: watch, stopwatch: () => performance.now() },
    );
  } finally {
    await engine.close();
  }
}
