export { BEHAVIOURS, type BehaviourEntry } from './behaviours/registry.ts';
export { InferenceOptions, type InferenceOptionsInput, inferenceOptions } from './options.ts';
export {
  type CabinPipeline,
  type CabinPipelineDeps,
  createCabinPipeline,
  type Look,
  type Measurement,
} from './pipeline/cabin-pipeline.ts';
