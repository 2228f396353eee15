export { BEHAVIOURS, type BehaviourEntry } from './behaviours/registry.ts';
export { faceRegions } from './faces/face-regions.ts';
export { InferenceOptions, type InferenceOptionsInput, inferenceOptions } from './options.ts';
export {
  type CabinPipeline,
  type CabinPipelineDeps,
  createCabinPipeline,
  type Look,
  type Measurement,
} from './pipeline/cabin-pipeline.ts';
export { cropAround } from './pipeline/zoom-planner.ts';
export { checkModel, type ModelCheck } from './runtime/check-model.ts';
export { createDetector } from './runtime/detector.ts';
export { createInferenceEngine, type EngineDeps, type InferenceEngine } from './runtime/engine.ts';
export { createFeatureReader, type FeatureReader } from './runtime/feature-reader.ts';
export { DEFAULT_MODELS_DIR, type ModelDeps, type ModelOptions } from './runtime/model-handle.ts';
export { DEFAULT_VISION_MODELS, EngineOptions, VisionModels } from './runtime/options.ts';
export { createPoseEstimator } from './runtime/pose-estimator.ts';
export type { LaneStats } from './scheduler/lane.ts';
export { SchedulerOptions } from './scheduler/options.ts';
export {
  createScheduler,
  type Scheduler,
  type SchedulerEvents,
  type SchedulerStats,
  type Watch,
} from './scheduler/scheduler.ts';
export { fusePeople } from './tracking/fuse-people.ts';
export { mergeObjects } from './tracking/merge-objects.ts';
export { agreed, type CloseLook, leadOf } from './tracking/second-look.ts';
