import type { Detector, PoseEstimator, Words } from '../../core/index.ts';
import { createCabinPipeline, type InferenceOptions } from '../../inference/index.ts';
import type { FileSource } from '../../streams/index.ts';
import { createAnnotator } from './annotator.ts';
import { type AnalysisLine, eventLine, incidentLines, seconds } from './event-lines.ts';
import type { IncidentWatch } from './incident-watch.ts';

export interface AnalyzeOptions {
  readonly inference: InferenceOptions;
  /** The language of what is written in words. */
  readonly language: keyof Words;
  /** Where to write the annotated video; nothing is drawn when absent. */
  readonly annotatePath?: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: AnalysisProgress) => void;
}

export interface AnalyzeDeps {
  /** The video file. The pipeline gets all its pictures, and looks at no more than come. */
  readonly source: FileSource;
  readonly detector: Detector;
  readonly pose: PoseEstimator;
  readonly incidents: IncidentWatch;
  /** Monotonic milliseconds, for `wallSeconds` alone. */
  readonly stopwatch: () => number;
}

export interface AnalysisProgress {
  readonly mediaSeconds: number;
  readonly totalSeconds: number | undefined;
  readonly wallSeconds: number;
}

/**
 * Runs a video file through the pipeline that live cameras go through, and yields one line per event and step of an
 * incident as it comes to be known, the summary last. The same file and options give the same lines, `wallSeconds` aside.
 * @throws CabinwatchError INPUT_TRUNCATED, INFERENCE_FAILED, OUTPUT_FAILED
 */
export async function* analyzeVideo(
  options: AnalyzeOptions,
  deps: AnalyzeDeps,
): AsyncGenerator<AnalysisLine> {
  const { inference, language, signal } = options;
  const { incidents, source } = deps;
  const began = deps.stopwatch();
  const gate = { ...inference.gate, activeFps: source.fps };
  const pipeline = createCabinPipeline({ ...deps, liftId: source.liftId, options: { ...inference, gate } });
  const annotator = options.annotatePath ? createAnnotator(options.annotatePath, source) : undefined;
  let frames = 0;
  let inferences = 0;
  try {
    for await (const frame of source.frames(signal)) {
      try {
        const look = await pipeline.process(frame);
        if (look.errors[0]) throw look.errors[0];
        await annotator?.draw(frame.data, look.scene, look.events);
        yield* incidentLines(incidents.until(look.scene.ts), language);
        for (const event of look.events) {
          yield eventLine(event);
          yield* incidentLines(incidents.see(event), language);
        }
        inferences += look.inferences;
      } finally {
        frame.close();
      }
      frames++;
      options.onProgress?.({
        mediaSeconds: frames / source.fps,
        totalSeconds: source.file.durationMs === undefined ? undefined : source.file.durationMs / 1000,
        wallSeconds: (deps.stopwatch() - began) / 1000,
      });
    }
    signal.throwIfAborted();
    yield* incidentLines(incidents.until((frames / source.fps) * 1000), language);
    await annotator?.finish();
  } finally {
    await annotator?.close();
  }
  const mediaSeconds = seconds((frames / source.fps) * 1000);
  yield { type: 'summary', frames, inferences, mediaSeconds, wallSeconds: seconds(deps.stopwatch() - began) };
}
